package io.kaiseki.pipelines.kafka;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients of a cluster, for records that are bytes. Each throws Kafka's own exception where it
 * refuses the properties; whoever makes one closes it.
 */
public final class KafkaClients {

  private KafkaClients() {}

  /**
   * A client for what is asked about topics.
   *
   * @param limit time after which a question, and each request that it takes, is given up
   */
  public static Admin admin(KafkaSettings kafka, Duration limit) {
    Properties properties = kafka.properties();
    String millis = String.valueOf(limit.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    return Admin.create(properties);
  }

  /** A consumer that sees what is committed. */
  public static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return consumer(properties);
  }

  /** A consumer with these properties. */
  public static KafkaConsumer<byte[], byte[]> consumer(Properties properties) {
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A producer for which a record is sent when every replica in sync has it. */
  public static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    return producer(properties);
  }

  /** A producer with these properties. */
  public static KafkaProducer<byte[], byte[]> producer(Properties properties) {
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
