package io.kaiseki.pipelines.bench;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Engines end with their last hold, as those of the command do, and after the class they are kept
 * as before: other classes have the same JVM.
 */
final class EnginesNotKept implements BeforeAllCallback, AfterAllCallback {

  private static final String KEEP_ALIVE = "kaiseki.engine.keepAliveSeconds";

  private @Nullable String before;

  @Override
  public void beforeAll(ExtensionContext context) {
    before = System.setProperty(KEEP_ALIVE, "0");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (before == null) {
      System.clearProperty(KEEP_ALIVE);
    } else {
      System.setProperty(KEEP_ALIVE, before);
    }
  }
}
