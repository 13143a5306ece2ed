import type { Client, EcosystemClients } from './client.ts'

export interface JavaClient extends Client {
  /** Of a class `Client` with a `main`, which exits with 0 when it has its answer. */
  readonly body: string
}

const properties =
  'by system properties and a truststore in `JAVA_TOOL_OPTIONS`; the virtual machine says on standard error that it read them'

const post = `HttpRequest.newBuilder(URI.create("https://api.stripe.com/v1/charges"))
      .header("Authorization", "Bearer " + System.getenv("STRIPE_API_KEY"))
      .POST(HttpRequest.BodyPublishers.ofString("amount=1")).build()`

export const javaClients: EcosystemClients<JavaClient> = {
  ecosystem: 'java',
  title: 'Java 17',
  clients: [
    {
      id: 'http-client',
      title: '`java.net.http.HttpClient`',
      means: 'as it is',
      why: properties,
      body: `
    var answer = HttpClient.newHttpClient().send(${post}, HttpResponse.BodyHandlers.ofString());
    System.exit(answer.statusCode() == 200 ? 0 : 1);`,
    },
    {
      id: 'http-client-own-proxy',
      title: '`java.net.http.HttpClient` with `HttpClient.Builder.NO_PROXY`',
      means: 'not',
      why: 'it was told to go straight',
      body: `
    var client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    var answer = client.send(${post}, HttpResponse.BodyHandlers.ofString());
    System.exit(answer.statusCode() == 200 ? 0 : 1);`,
    },
    {
      id: 'url-connection',
      title: '`HttpsURLConnection`',
      means: 'as it is',
      why: properties,
      body: `
    var connection = (HttpURLConnection) URI.create("https://api.stripe.com/v1/charges").toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + System.getenv("STRIPE_API_KEY"));
    connection.setDoOutput(true);
    try (var body = connection.getOutputStream()) { body.write("amount=1".getBytes()); }
    System.exit(connection.getResponseCode() == 200 ? 0 : 1);`,
    },
  ],
}
