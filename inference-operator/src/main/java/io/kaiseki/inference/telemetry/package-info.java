/**
 * What the library tells about its work: metrics declared as data, and traces of documents, both by
 * the API of OpenTelemetry and the names of its conventions for generative AI. Without an SDK in
 * the process these do nothing. Exporters, endpoints and settings are the process' own. And faults
 * of documents, as logs may have them.
 */
@NullMarked
package io.kaiseki.inference.telemetry;

import org.jspecify.annotations.NullMarked;
