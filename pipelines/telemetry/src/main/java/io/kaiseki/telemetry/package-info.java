/**
 * How a process of the product lets itself be observed: the OpenTelemetry SDK, set up from the
 * standard variables {@code OTEL_*}, and an HTTP endpoint that Prometheus scrapes. It knows nothing
 * of what is measured; that is declared where it is measured.
 */
@NullMarked
package io.kaiseki.telemetry;

import org.jspecify.annotations.NullMarked;
