/**
 * The product as it runs on a cluster: processes of their own, made of what the build has laid out
 * for the images and of Flink's jars. What a single job must stand is tested with the job itself.
 */
@NullMarked
package io.kaiseki.cluster;

import org.jspecify.annotations.NullMarked;
