package io.kaiseki.pipelines.embedded;

import java.nio.file.Path;

/** A process that starts a registry, prints its address and waits to be killed. */
final class RegistryHolder {

  private RegistryHolder() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedRegistry registry =
        EmbeddedRegistry.start(Installation.registry(), Path.of(arguments[0]));
    System.out.println(registry.url());
    Thread.currentThread().join();
  }
}
