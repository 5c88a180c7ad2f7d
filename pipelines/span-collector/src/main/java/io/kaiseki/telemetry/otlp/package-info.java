/** The other end of OTLP, as far as tests need it: it takes traces and keeps them. */
@NullMarked
package io.kaiseki.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
