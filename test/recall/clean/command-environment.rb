system({ 'PGPASSWORD' => ENV['DB_PASSWORD'] }, 'pg_dump', '--no-password', 'app')
