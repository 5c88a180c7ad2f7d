package io.kaiseki.pipelines.config;

import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a desk is connected and run.
 *
 * @param analysis name of the analysis whose results it shows
 * @param name of the desk, of its consumer group and of its own topics
 * @param kafka the cluster
 * @param registry the schema registry
 * @param documents topic of the documents
 * @param results topic of the results
 * @param deadLetters topic of the dead letters
 * @param feedback topic of the corrections
 * @param badRecords topic for records that it can't read
 * @param host address to listen on
 * @param port port to listen on; 0 for a free one
 * @param advertised host and port for other instances; empty for those it listens on
 * @param token the bearer token; empty where none is asked for
 * @param state directory of its state
 * @param retention how long a document is kept after the last news of it
 * @param unsure confidence under which a result is unsure
 */
public record DeskSettings(
    String analysis,
    String name,
    KafkaSettings kafka,
    RegistrySettings registry,
    String documents,
    String results,
    String deadLetters,
    String feedback,
    String badRecords,
    String host,
    int port,
    Optional<String> advertised,
    Optional<Secret> token,
    Path state,
    Duration retention,
    double unsure) {}
