package io.kaiseki.pipelines.demo;

import io.kaiseki.pipelines.config.DeliverySettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a demo shall do.
 *
 * @param documents how many tickets; empty for as many as come until it is stopped
 * @param model GGUF file; empty takes the small one that ships with Kaiseki
 * @param guarantee what is promised about results
 * @param port port of the broker on loopback; 0 for any free one
 * @param perSecond tickets in a second
 * @param desk whether to start the desk
 */
public record DemoOptions(
    OptionalLong documents,
    Optional<Path> model,
    DeliverySettings.Guarantee guarantee,
    int port,
    double perSecond,
    boolean desk) {}
