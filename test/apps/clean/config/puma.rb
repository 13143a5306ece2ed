ssl_bind '0.0.0.0', '8443', cert: 'tls/server.pem', key: 'tls/server.key', ca: 'tls/clients.pem', verify_mode: 'force_peer'
