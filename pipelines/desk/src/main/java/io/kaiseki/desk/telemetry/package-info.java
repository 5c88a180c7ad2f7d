/** Makes the instruments of the desk's metrics from their declarations. */
@NullMarked
package io.kaiseki.desk.telemetry;

import org.jspecify.annotations.NullMarked;
