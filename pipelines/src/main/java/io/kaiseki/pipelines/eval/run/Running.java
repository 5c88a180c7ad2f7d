package io.kaiseki.pipelines.eval.run;

import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job while it runs. Closing cancels it, if it has not ended, and waits for its end. */
record Running(JobClient client, PassResults<Inferred<AskedDocument, Outcome>> results)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);
  private static final long LIMIT_SECONDS = 30;

  @Override
  public void close() {
    try {
      if (!results.ended()) {
        client.cancel().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
      client.getJobExecutionResult().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("job did not end in time id={} limitSeconds={}", client.getJobID(), LIMIT_SECONDS);
    } catch (ExecutionException | IllegalStateException e) {
      // Cancelled or failed: whoever waits for its results hears why.
      LOG.debug("job ended id={}", client.getJobID(), e);
    } finally {
      results.close();
    }
  }
}
