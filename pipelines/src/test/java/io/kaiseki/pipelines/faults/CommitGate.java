package io.kaiseki.pipelines.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A broker's address that can hold a client still amid the commit of a transaction. It passes
 * Kafka's frames on as they are (a length of four bytes, then in a request the number of its API),
 * but puts its own port in place of the broker's, so that clients never go round it.
 */
final class CommitGate implements AutoCloseable {

  /** Where a commit is held. */
  enum Side {
    /** The broker never hears of it. */
    BEFORE_THE_BROKER,
    /** The broker has done it and the client never hears of that. */
    AFTER_THE_BROKER
  }

  private static final short END_TRANSACTION = 26;

  private record Held(Side side, CompletableFuture<Void> reached) {}

  private final InetSocketAddress broker;
  private final ServerSocket server;
  private final byte[] brokerAddress;
  private final byte[] ownAddress;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicReference<Held> armed = new AtomicReference<>();

  CommitGate(String bootstrapServers) throws IOException {
    String host = bootstrapServers.substring(0, bootstrapServers.indexOf(':'));
    int port = Integer.parseInt(bootstrapServers.substring(host.length() + 1));
    broker = new InetSocketAddress(host, port);
    server = new ServerSocket(0, 50, InetAddress.getByName(host));
    brokerAddress = address(host, port);
    ownAddress = address(host, server.getLocalPort());
    threads.submit(this::accept);
  }

  /** What clients connect to. */
  String bootstrapServers() {
    return broker.getHostString() + ":" + server.getLocalPort();
  }

  /** Holds the next commit of any client; the future completes when it is held. */
  CompletableFuture<Void> holdNextCommit(Side side) {
    Held held = new Held(side, new CompletableFuture<>());
    armed.set(held);
    return held.reached();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket upstream = new Socket(broker.getAddress(), broker.getPort());
        for (Socket socket : List.of(client, upstream)) {
          socket.setTcpNoDelay(true);
          sockets.add(socket);
        }
        AtomicReference<Held> holdAnswer = new AtomicReference<>();
        threads.submit(() -> requests(client, upstream, holdAnswer));
        threads.submit(() -> answers(upstream, client, holdAnswer));
      } catch (IOException e) {
        // A client that is killed amid connecting, or the end of the test.
        continue;
      }
    }
  }

  private void requests(Socket client, Socket upstream, AtomicReference<Held> holdAnswer) {
    pump(
        client,
        upstream,
        frame -> {
          Held held = isCommit(frame) ? armed.getAndSet(null) : null;
          if (held != null && held.side() == Side.BEFORE_THE_BROKER) {
            held.reached().complete(null);
            return false;
          }
          holdAnswer.compareAndSet(null, held);
          return true;
        });
  }

  private void answers(Socket upstream, Socket client, AtomicReference<Held> holdAnswer) {
    pump(
        upstream,
        client,
        frame -> {
          Held held = holdAnswer.get();
          if (held != null) {
            held.reached().complete(null);
            return false;
          }
          replace(frame, brokerAddress, ownAddress);
          return true;
        });
  }

  /** Whether a request ends a transaction, and not by aborting it. */
  private static boolean isCommit(byte[] frame) {
    // The request ends with the flag and an empty set of tagged fields.
    return ByteBuffer.wrap(frame).getShort() == END_TRANSACTION && frame[frame.length - 2] == 1;
  }

  private static void pump(Socket from, Socket to, Passage passage) {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      DataOutputStream out = new DataOutputStream(to.getOutputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        if (passage.admits(frame)) {
          byte[] whole =
              ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array();
          out.write(whole);
        } else {
          // Held: nothing more passes, and the connection stays until the client is gone.
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      // One of the two has hung up, and so does this.
      return;
    }
  }

  private static byte[] address(String host, int port) {
    byte[] name = host.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(name.length + 4).put(name).putInt(port).array();
  }

  private static void replace(byte[] frame, byte[] old, byte[] replacement) {
    for (int at = 0; at <= frame.length - old.length; at++) {
      if (Arrays.equals(frame, at, at + old.length, old, 0, old.length)) {
        System.arraycopy(replacement, 0, frame, at, replacement.length);
      }
    }
  }

  /** Looks at a frame, and may change it in place. */
  @FunctionalInterface
  private interface Passage {
    boolean admits(byte[] frame);
  }
}
