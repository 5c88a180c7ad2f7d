package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * A server that speaks OpenAI's chat completions.
 *
 * @param url its address, with or without {@code /v1} at the end
 * @param model the model's name there
 * @param key the key that it wants, if any
 */
public record OpenAiServer(URI url, String model, Optional<Secret> key) {}
