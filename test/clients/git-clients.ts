import type { Client, EcosystemClients } from './client.ts'

export interface GitClient extends Client {
  /** A shell command; ends with exit code 0 when it has cloned. */
  readonly shell: string
}

export const gitClients: EcosystemClients<GitClient> = {
  ecosystem: 'git',
  title: 'git',
  clients: [
    {
      id: 'url',
      title: 'git over HTTPS, the token in the URL',
      means: 'as it is',
      why: 'by the proxy variables and `GIT_SSL_CAINFO`; the phantom goes as the password of Basic',
      shell: 'git clone -q "https://x-access-token:$GITHUB_TOKEN@github.com/acme/app.git" "$(mktemp -d)/clone"',
    },
    {
      id: 'helper',
      title: 'git over HTTPS, the token from a credential helper',
      means: 'as it is',
      why: 'the same; git asks its helper after the first answer, which is 401',
      shell: `git -c credential.helper='!f() { echo username=x; echo "password=$GITHUB_TOKEN"; }; f' clone -q https://github.com/acme/app.git "$(mktemp -d)/clone"`,
    },
    {
      id: 'header',
      title: 'git over HTTPS, the token in `http.extraHeader`',
      means: 'as it is',
      why: 'the same; as Actions of GitHub do',
      shell: `git -c http.extraHeader="Authorization: Basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w0)" clone -q https://github.com/acme/app.git "$(mktemp -d)/clone"`,
    },
  ],
}
