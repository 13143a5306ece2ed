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

const apache = (create: string) => `
    var base = System.getenv("STRIPE_URL") == null ? "https://api.stripe.com" : System.getenv("STRIPE_URL");
    var request = new org.apache.hc.client5.http.classic.methods.HttpPost(base + "/v1/charges");
    request.setHeader("Authorization", "Bearer " + System.getenv("STRIPE_API_KEY"));
    request.setEntity(new org.apache.hc.core5.http.io.entity.StringEntity("amount=1"));
    var client = org.apache.hc.client5.http.impl.classic.HttpClients.${create}();
    System.exit(client.execute(request, (answer) -> answer.getCode()) == 200 ? 0 : 1);`

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
    {
      id: 'okhttp',
      title: 'OkHttp',
      package: { name: 'com.squareup.okhttp3:okhttp', version: '4.12.0' },
      means: 'as it is',
      why: properties,
      body: `
    var request = new okhttp3.Request.Builder().url("https://api.stripe.com/v1/charges")
      .header("Authorization", "Bearer " + System.getenv("STRIPE_API_KEY"))
      .post(okhttp3.RequestBody.create("amount=1", null)).build();
    System.exit(new okhttp3.OkHttpClient().newCall(request).execute().code() == 200 ? 0 : 1);`,
    },
    {
      id: 'apache-system',
      title: 'Apache HttpClient, `HttpClients.createSystem()`',
      package: { name: 'org.apache.httpcomponents.client5:httpclient5', version: '5.4.1' },
      means: 'as it is',
      why: properties,
      body: apache('createSystem'),
    },
    {
      id: 'apache-default',
      title: 'Apache HttpClient, `HttpClients.createDefault()`',
      package: { name: 'org.apache.httpcomponents.client5:httpclient5', version: '5.4.1' },
      means: 'base URL',
      why: 'reads no system property for its proxy; `createSystem` does',
      body: apache('createDefault'),
    },
  ],
}
