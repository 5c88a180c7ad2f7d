package io.kaiseki.pipelines.config;

import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.Serializable;

/**
 * How a job is connected and run.
 *
 * @param name of the job, of its consumer group and the start of its transactional ids
 * @param kafka the cluster that documents come from and results go to
 * @param registry the schema registry
 * @param delivery what is promised, and checkpoints
 * @param restart what happens after a failure
 * @param parallelism subtasks of every operator
 */
public record JobSettings(
    String name,
    KafkaSettings kafka,
    RegistrySettings registry,
    DeliverySettings delivery,
    RestartSettings restart,
    int parallelism)
    implements Serializable {}
