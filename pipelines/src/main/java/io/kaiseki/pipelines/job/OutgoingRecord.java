package io.kaiseki.pipelines.job;

import io.kaiseki.inference.telemetry.TraceContext;

/**
 * A record to be written, encoded. Its arrays must not be changed: the records of one result share
 * them.
 *
 * @param topic topic that it goes to
 * @param key its key
 * @param value its value
 * @param trace what its readers continue
 */
record OutgoingRecord(String topic, byte[] key, byte[] value, TraceContext trace) {}
