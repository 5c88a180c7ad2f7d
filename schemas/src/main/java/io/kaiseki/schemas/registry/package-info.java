/**
 * How the schema registry is reached and used: settings and secrets, subjects, registration, and
 * the two ways in which it can fail. It wraps the genuine Confluent client and hides none of it.
 */
@NullMarked
package io.kaiseki.schemas.registry;

import org.jspecify.annotations.NullMarked;
