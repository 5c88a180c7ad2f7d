/**
 * The Kafka Streams application: what it reads, what it keeps in its stores, and what becomes of
 * records that are not what their topic promises. Everything it keeps is derived from the topics
 * and can be rebuilt from them.
 */
@NullMarked
package io.kaiseki.desk.topology;

import org.jspecify.annotations.NullMarked;
