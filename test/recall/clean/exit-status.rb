ok = system('gh', 'auth', 'status')
puts ok ? 'signed in' : "set #{'GITHUB_TOKEN'}"
