package io.kaiseki.pipelines.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Listening sockets by listener name, bound before the broker starts: a broker has to know its
 * ports to be configured, and a port that was only looked up may be gone by then.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {

  static final String HOST = "127.0.0.1";

  private final Map<String, ServerSocketChannel> channels = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();

  /** Binds the listener on loopback; port 0 takes a free one. */
  void bind(String listener, int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channels.put(listener, channel);
    channel.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
    channel.configureBlocking(false);
    ports.put(listener, channel.socket().getLocalPort());
  }

  int port(String listener) {
    return ports.get(listener);
  }

  /** Hands out the channel that was bound for this listener, once. */
  @Override
  public synchronized ServerSocketChannel openServerSocket(
      String listenerName, InetSocketAddress address, int backlog, int receiveBufferBytes)
      throws IOException {
    ServerSocketChannel channel = channels.remove(listenerName);
    if (channel == null) {
      throw new IOException("no socket was bound for listener " + listenerName);
    }
    return channel;
  }

  /** Closes what nobody has taken. */
  @Override
  public synchronized void close() {
    for (ServerSocketChannel channel : channels.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException("a listening socket can't be closed: " + e, e);
      }
    }
    channels.clear();
  }
}
