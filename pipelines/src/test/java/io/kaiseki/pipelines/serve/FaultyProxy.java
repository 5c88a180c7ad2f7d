package io.kaiseki.pipelines.serve;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in front of a server and spoils its answers to completions, in the order that it is told.
 * It speaks HTTP by bare sockets, since libraries would not break the protocol.
 */
final class FaultyProxy implements AutoCloseable {

  /** What becomes of a request. */
  enum Fault {
    /** The server's answer, whole. */
    NONE,
    /** The server's answer, late. */
    DELAY,
    /** The connection is reset before any answer. */
    RESET,
    /** The server's answer, cut in the middle, and then a reset. */
    CUT,
    /** 429 with a time to come back. */
    TOO_MANY,
    /** 500 with an error body. */
    INTERNAL,
    /** 503 with a page of a load balancer. */
    UNAVAILABLE,
    /** 200 with a page of a portal. */
    PORTAL,
    /** 200 with half of a JSON body, of the right length for HTTP. */
    HALF_JSON,
    /** A completion whose answer breaks the contract. */
    WRONG_ANSWER
  }

  private final URI server;
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<Fault> plan = new ConcurrentLinkedQueue<>();
  private final Map<Fault, AtomicInteger> served = new EnumMap<>(Fault.class);

  FaultyProxy(URI server) throws IOException {
    this.server = server;
    for (Fault fault : Fault.values()) {
      served.put(fault, new AtomicInteger());
    }
    threads.execute(this::accept);
  }

  /** Where clients find the server's API. */
  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + server.getPath());
  }

  /** What becomes of the next completions; those after them are left alone. */
  void plan(Iterable<Fault> faults) {
    faults.forEach(plan::add);
  }

  /** How often a fault came to pass. */
  int served(Fault fault) {
    return served.get(fault).get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (Request request; (request = Request.read(in)) != null; ) {
        if (!answer(connection, request)) {
          return;
        }
      }
    } catch (IOException | InterruptedException clientGone) {
      // As it is with proxies.
    }
  }

  /** Whether the connection goes on. */
  private boolean answer(Socket connection, Request request)
      throws IOException, InterruptedException {
    boolean completion = request.line().startsWith("POST");
    Fault planned = completion ? plan.poll() : null;
    Fault fault = planned == null ? Fault.NONE : planned;
    if (completion) {
      served.get(fault).incrementAndGet();
    }
    switch (fault) {
      case NONE -> reply(connection, forward(request));
      case DELAY -> {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
        reply(connection, forward(request));
      }
      case RESET -> {
        return reset(connection);
      }
      case CUT -> {
        byte[] whole = bytes(forward(request));
        connection.getOutputStream().write(whole, 0, whole.length / 2);
        connection.getOutputStream().flush();
        return reset(connection);
      }
      case TOO_MANY -> reply(connection, new Reply(429, "Retry-After: 1\r\n", "{\"error\":{}}"));
      case INTERNAL -> reply(connection, new Reply(500, "", "{\"error\":{\"code\":\"oops\"}}"));
      case UNAVAILABLE -> reply(connection, new Reply(503, "", "<html>no backend</html>"));
      case PORTAL -> reply(connection, new Reply(200, "", "<html>please sign in</html>"));
      case HALF_JSON -> {
        String body = forward(request).body();
        reply(connection, new Reply(200, "", body.substring(0, body.length() / 2)));
      }
      case WRONG_ANSWER ->
          reply(
              connection,
              new Reply(
                  200,
                  "",
                  "{\"choices\":[{\"message\":{\"content\":\"{\\\"language\\\":\\\"xx\\\"}\"},"
                      + "\"finish_reason\":\"stop\"}]}"));
    }
    return true;
  }

  private static boolean reset(Socket connection) throws IOException {
    connection.setSoLinger(true, 0);
    return false;
  }

  private Reply forward(Request request) throws IOException, InterruptedException {
    String[] line = request.line().split(" ");
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(server.resolve(line[1]))
            .method(line[0], HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (name.equals("content-type") || name.equals("authorization")) {
                forwarded.header(name, value);
              }
            });
    HttpResponse<String> response =
        client.send(forwarded.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Reply(response.statusCode(), "", response.body());
  }

  private static void reply(Socket connection, Reply reply) throws IOException {
    connection.getOutputStream().write(bytes(reply));
    connection.getOutputStream().flush();
  }

  private static byte[] bytes(Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        ("HTTP/1.1 %d Told\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
                .formatted(reply.status(), body.length, reply.headers()))
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    return out.toByteArray();
  }

  private record Reply(int status, String headers, String body) {}

  private record Request(String line, Map<String, String> headers, byte[] body) {

    /** Null where the client has closed its side. */
    static Request read(InputStream in) throws IOException {
      String line = line(in);
      if (line.isEmpty()) {
        return null;
      }
      Map<String, String> headers = new HashMap<>();
      for (String header; !(header = line(in)).isEmpty(); ) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      return new Request(
          line,
          headers,
          in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
