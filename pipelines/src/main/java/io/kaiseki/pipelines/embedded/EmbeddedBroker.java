package io.kaiseki.pipelines.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node KRaft broker in this JVM, or, through {@link #main}, in one of its own.
 *
 * <p>It listens on loopback only. Both listening sockets are bound before the broker is configured,
 * so a free port that was chosen can't be taken by another process in between. Topics are never
 * created by themselves. A directory that holds a broker's data already is taken up again, with its
 * topics and transactions.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /** Longest transaction that the broker allows a producer: Kafka's own default. */
  public static final Duration TRANSACTION_MAX_TIMEOUT = Duration.ofMinutes(15);

  /** Largest record that it takes: enough for any document that a test sends. */
  public static final int MESSAGE_MAX_BYTES = 32 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);
  private static final int NODE_ID = 1;
  private static final String CLIENTS = "CLIENTS";
  private static final String CONTROLLER = "CONTROLLER";

  private final BoundSockets sockets;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final String bootstrapServers;

  private EmbeddedBroker(BoundSockets sockets, Path directory, Map<String, String> more)
      throws Exception {
    this.sockets = sockets;
    this.bootstrapServers = BoundSockets.HOST + ":" + sockets.port(CLIENTS);
    Properties properties = properties(sockets, directory);
    properties.putAll(more);
    KafkaConfig config = new KafkaConfig(properties);
    format(directory);
    var logDirectories = KafkaRaftServer.initializeLogDirs(config, LOG, "embedded broker: ");
    SharedServer shared =
        new SharedServer(
            config,
            logDirectories._1(),
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            List.of(),
            // The default handler halts the JVM, which here is the user's job as well.
            (name, fatal, action) -> new LoggingFaultHandler(name, action),
            sockets);
    this.controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirectories._2());
    this.broker = new BrokerServer(shared);
  }

  /** Starts a broker on a free port. */
  public static EmbeddedBroker start(Path directory) {
    return start(directory, 0);
  }

  /** Starts a broker on a port of loopback; 0 takes a free one. */
  public static EmbeddedBroker start(Path directory, int port) {
    return start(directory, port, Map.of());
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @param directory where its log lies; created if need be
   * @param port the port on loopback; 0 takes a free one
   * @param more properties of the broker, such as the security of its listener CLIENTS
   * @throws IllegalStateException if it can't start; nothing is left running
   */
  public static EmbeddedBroker start(Path directory, int port, Map<String, String> more) {
    BoundSockets sockets = new BoundSockets();
    try {
      Files.createDirectories(directory);
      sockets.bind(CLIENTS, port);
      sockets.bind(CONTROLLER, 0);
      EmbeddedBroker embedded = new EmbeddedBroker(sockets, directory, more);
      embedded.startServers();
      LOG.info("broker started bootstrap={} directory={}", embedded.bootstrapServers, directory);
      return embedded;
    } catch (Exception e) {
      sockets.close();
      throw new IllegalStateException(
          "the embedded broker can't start on port " + port + " in " + directory + ": " + e, e);
    }
  }

  /** What clients connect to, as {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    try {
      broker.shutdown(SHUTDOWN_LIMIT);
      controller.shutdown();
    } finally {
      sockets.close();
    }
  }

  /**
   * Runs a broker as a process of its own, until its standard input ends: it goes when its parent
   * goes, however that ends. Arguments: directory, port (0 for any). Prints its bootstrap address
   * as the one line on standard output.
   */
  public static void main(String[] arguments) {
    EmbeddedBroker embedded = start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println(embedded.bootstrapServers());
    Lifeline.awaitEndOfInput();
    embedded.close();
    Runtime.getRuntime().halt(0);
  }

  private void startServers() {
    try {
      controller.startup();
      broker.startup();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Properties properties(BoundSockets sockets, Path directory) {
    String clients = CLIENTS + "://" + BoundSockets.HOST + ":" + sockets.port(CLIENTS);
    String controller = BoundSockets.HOST + ":" + sockets.port(CONTROLLER);
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + controller);
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("listeners", clients + "," + CONTROLLER + "://" + controller);
    properties.put("advertised.listeners", clients);
    properties.put("inter.broker.listener.name", CLIENTS);
    properties.put(
        "listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    properties.put("log.dirs", directory.toString());
    properties.put("auto.create.topics.enable", "false");
    // Records keep the timestamps of their senders, and an archive is older than any retention.
    properties.put("log.retention.ms", "-1");
    properties.put("message.max.bytes", String.valueOf(MESSAGE_MAX_BYTES));
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put(
        "transaction.max.timeout.ms", String.valueOf(TRANSACTION_MAX_TIMEOUT.toMillis()));
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    // There is no other replica to hand leadership to.
    properties.put("controlled.shutdown.enable", "false");
    return properties;
  }

  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    new Formatter()
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE_ID)
        .setControllerListenerName(CONTROLLER)
        .setMetadataLogDirectory(directory.toString())
        .setDirectories(List.of(directory.toString()))
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }
}
