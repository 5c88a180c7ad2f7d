package io.kaiseki.desk.run;

import io.kaiseki.desk.topology.BadRecords;
import io.kaiseki.desk.topology.OwnRecords;
import io.kaiseki.pipelines.config.DeskSettings;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How the streams application is set up. */
final class StreamsProperties {

  /** After so long without a sign of life, the work of an instance goes to the others. */
  private static final Duration SESSION = Duration.ofSeconds(10);

  /**
   * A partition that comes here is indexed amid a transaction of those that are here already. By
   * Streams' own 10 s the broker would give that up, and their state would be restored from the
   * beginning. After a kill, what was open of it keeps another instance waiting as long at most.
   */
  private static final Duration TRANSACTION = Duration.ofSeconds(60);

  /** Several of the largest records, as one request may hold one for each partition. */
  private static final int MAX_REQUEST_BYTES = 4 * OwnRecords.LARGEST;

  private static final long CACHE_BYTES = 8L << 20;

  private StreamsProperties() {}

  /**
   * The properties of an instance.
   *
   * @param server host and port under which other instances reach it
   */
  static Properties of(DeskSettings settings, String server) {
    Properties properties = settings.kafka().properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.name());
    properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server);
    properties.put(
        StreamsConfig.STATE_DIR_CONFIG, settings.state().resolve(fileName(server)).toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, BadRecords.class);
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, BadRecords.class);
    properties.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, settings.badRecords());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        String.valueOf(SESSION.toMillis()));
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        String.valueOf(SESSION.toMillis() / 4));
    // An instance that was killed and comes back takes its own place at once.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        fileName(server));
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        String.valueOf(MAX_REQUEST_BYTES));
    if (!properties.containsKey(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)) {
      properties.putIfAbsent(
          StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
          String.valueOf(TRANSACTION.toMillis()));
    }
    // Entries are mostly text, and each change writes one whole.
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        String.valueOf(OwnRecords.LARGEST));
    return properties;
  }

  /** The address as a name that files and group members may have. */
  private static String fileName(String server) {
    return server.replaceAll("[^a-zA-Z0-9._-]", "-");
  }
}
