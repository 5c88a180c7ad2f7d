package io.kaiseki.pipelines.embedded;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Ties a child process to its parent. The parent holds the writing end of the child's standard
 * input and never writes; the operating system closes it when the parent ends, also when it is
 * killed, and the child then ends too.
 */
public final class Lifeline {

  private Lifeline() {}

  /**
   * Runs the main class named by the first argument with the other arguments, in a process that
   * ends with its parent.
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread watch =
        new Thread(
            () -> {
              awaitEndOfInput();
              Runtime.getRuntime().halt(0);
            },
            "lifeline");
    watch.setDaemon(true);
    watch.start();
    try {
      Class.forName(arguments[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    } catch (InvocationTargetException e) {
      e.getCause().printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** Returns when standard input ends. */
  static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end: nobody holds the other side.
    }
  }
}
