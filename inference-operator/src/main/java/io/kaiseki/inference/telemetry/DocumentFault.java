package io.kaiseki.inference.telemetry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * An exception as logs may have it: classes and stack traces without messages. A message may quote
 * the document that it is about, and above DEBUG no document is logged.
 */
public final class DocumentFault extends Exception {

  private static final long serialVersionUID = 1L;

  /** Causes can go round in circles. */
  private static final int MOST_CAUSES = 8;

  private DocumentFault(Throwable fault, int causes) {
    super(fault.getClass().getName(), cause(fault, causes));
    setStackTrace(fault.getStackTrace());
  }

  private static @Nullable DocumentFault cause(Throwable fault, int causes) {
    Throwable cause = fault.getCause();
    return cause == null || causes == 0 ? null : new DocumentFault(cause, causes - 1);
  }

  /** The exception without its messages. */
  public static DocumentFault of(Throwable fault) {
    return new DocumentFault(fault, MOST_CAUSES);
  }

  /**
   * Logs that something went wrong with a document: at ERROR without messages, at DEBUG with them.
   *
   * @param event what went wrong, in the words of the log
   * @param document the document's id
   */
  public static void log(Logger log, String event, String document, Throwable fault) {
    log.error("event={} document={}", event, document, of(fault));
    log.debug("event={} document={}", event, document, fault);
  }
}
