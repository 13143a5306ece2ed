import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'

export const proxyServesPrivateFiles: Rule = {
  id: 'proxy-serves-private-files',
  about: 'tree',
  title: 'Server hands out files that are not meant for clients',
  severity: 'high',
  cwe: 538,
  explanation: `A server answers with files of a folder that holds more than what is meant for clients. With nginx's \`location /files\` and an
\`alias\` that ends with a slash, \`/files../\` is the folder above. With a \`root\` that is the program's own folder (as its
Dockerfile, unit or \`puma.rb\` names it), \`/.env\`, \`/.git/config\` and the source itself are answered.

**Fix.** End location and alias alike; serve the \`public\` folder and nothing above it.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 80;\n    location /files { alias /srv/files/; }\n    location / { proxy_pass http://app; }\n  }\n}\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 80;\n    root /app;\n    location / { try_files $uri @app; }\n    location @app { proxy_pass http://app; }\n  }\n}\n',
        Dockerfile: 'FROM ruby:3.4\nWORKDIR /app\nCOPY . .\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 80;\n    root /app/public;\n    location /files/ { alias /srv/files/; }\n    location / { try_files $uri @app; }\n    location @app { proxy_pass http://app; }\n  }\n}\n',
        Dockerfile: 'FROM ruby:3.4\nWORKDIR /app\nCOPY . .\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const { server, proxy } of listeners.filter(isProxyListener))
      for (const { says, fix, ...change } of proxy.serves)
        yield { ...change, message: `${says.charAt(0).toUpperCase()}${says.slice(1)}.`, fix, identity: [server, says] }
  },
}
