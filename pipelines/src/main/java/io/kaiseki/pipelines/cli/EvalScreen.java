package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.eval.run.PassListener;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Shows how far an evaluation has come. */
final class EvalScreen implements PassListener, AutoCloseable {

  private final PrintWriter out;
  private final PrintWriter err;
  private @Nullable Progress documents;

  /**
   * @param out takes a line for each run
   * @param err takes the progress of documents
   */
  EvalScreen(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void begins(int number, int of, String policy) {
    out.printf("Run %d of %d: reasoning %s%n", number, of, policy);
    out.flush();
    documents = Progress.ofDocuments("  Documents", err);
  }

  @Override
  public void documents(long done, long total) {
    if (documents != null) {
      documents.advanced(done, total);
    }
  }

  @Override
  public void ends() {
    close();
  }

  @Override
  public void close() {
    if (documents != null) {
      documents.close();
      documents = null;
    }
  }
}
