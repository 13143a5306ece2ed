import type { Client, EcosystemClients } from './client.ts'

export interface PhpClient extends Client {
  readonly source: string
}

const fields = `['Authorization: Bearer ' . getenv('STRIPE_API_KEY'), 'Content-Type: application/x-www-form-urlencoded']`
const url = `(getenv('STRIPE_URL') ?: 'https://api.stripe.com') . '/v1/charges'`

export const phpClients: EcosystemClients<PhpClient> = {
  ecosystem: 'php',
  title: 'PHP 8.2',
  clients: [
    {
      id: 'curl',
      title: '`curl_exec`',
      means: 'as it is',
      why: 'by the proxy variables, and `curl.cainfo` in an ini file that `PHP_INI_SCAN_DIR` adds',
      source: `
$curl = curl_init('https://api.stripe.com/v1/charges');
curl_setopt_array($curl, [CURLOPT_HTTPHEADER => ${fields}, CURLOPT_POSTFIELDS => 'amount=1', CURLOPT_RETURNTRANSFER => true]);
$body = curl_exec($curl);
exit(curl_getinfo($curl, CURLINFO_RESPONSE_CODE) === 200 && json_decode($body)->ok ? 0 : 1);`,
    },
    {
      id: 'guzzle',
      title: 'Guzzle',
      package: { name: 'php-guzzlehttp-guzzle', version: '7.4.5' },
      means: 'as it is',
      why: 'by PHP’s curl',
      source: `
require 'GuzzleHttp/autoload.php';
$client = new GuzzleHttp\\Client();
$answer = $client->post('https://api.stripe.com/v1/charges', ['headers' => ['Authorization' => 'Bearer ' . getenv('STRIPE_API_KEY')], 'form_params' => ['amount' => 1]]);
exit($answer->getStatusCode() === 200 ? 0 : 1);`,
    },
    {
      id: 'guzzle-streams',
      title: 'Guzzle with its stream handler',
      package: { name: 'php-guzzlehttp-guzzle', version: '7.4.5' },
      means: 'as it is',
      why: 'reads the proxy variables itself; its roots from the same ini file',
      source: `
require 'GuzzleHttp/autoload.php';
$client = new GuzzleHttp\\Client(['handler' => GuzzleHttp\\HandlerStack::create(new GuzzleHttp\\Handler\\StreamHandler())]);
$answer = $client->post('https://api.stripe.com/v1/charges', ['headers' => ['Authorization' => 'Bearer ' . getenv('STRIPE_API_KEY')], 'form_params' => ['amount' => 1]]);
exit($answer->getStatusCode() === 200 ? 0 : 1);`,
    },
    {
      id: 'streams',
      title: '`file_get_contents`',
      means: 'base URL',
      why: 'streams read no proxy variable, and a context of the app’s own inherits no default that we could set',
      source: `
$context = stream_context_create(['http' => ['method' => 'POST', 'header' => ${fields}, 'content' => 'amount=1']]);
$body = file_get_contents(${url}, false, $context);
exit($body !== false && json_decode($body)->ok ? 0 : 1);`,
    },
  ],
}
