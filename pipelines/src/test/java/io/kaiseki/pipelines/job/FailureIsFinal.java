package io.kaiseki.pipelines.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * For tests that look for documents that are lost or doubled: what happens once in three runs
 * happens to somebody's documents. The build runs what has failed again, in the same JVM, and lets
 * it pass by that; one of these tests fails again, without being run, by its first failure. What is
 * made ready before each test is no part of it, and may fail once; what a class does before all of
 * its tests is.
 */
public final class FailureIsFinal
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterTestExecutionCallback,
        LifecycleMethodExecutionExceptionHandler {

  private static final Map<String, Throwable> FAILURES = new ConcurrentHashMap<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    refuseAnother(context);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    FAILURES.putIfAbsent(context.getUniqueId(), failure);
    throw failure;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    refuseAnother(context);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context
        .getExecutionException()
        .ifPresent(failure -> FAILURES.putIfAbsent(context.getUniqueId(), failure));
  }

  private static void refuseAnother(ExtensionContext context) {
    Throwable first = FAILURES.get(context.getUniqueId());
    if (first != null) {
      throw new AssertionError("has failed before, and no other run makes up for that", first);
    }
  }
}
