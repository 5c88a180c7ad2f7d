package io.kaiseki.pipelines.demo;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/**
 * Sends the sample tickets one by one, as a live stream would bring them. It pauses while too many
 * are on their way: a model that takes seconds for a document shall not be buried.
 */
final class TicketStream implements AutoCloseable {

  private final SampleFeed feed;
  private final Tally tally;
  private final Pace pace;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * How fast tickets come.
   *
   * @param perSecond tickets in a second
   * @param mostOpen tickets on their way beyond which no further one comes
   */
  record Pace(double perSecond, long mostOpen) {}

  /**
   * Starts to send.
   *
   * @param count how many
   * @param documentSchemaId id of the document schema in the registry
   */
  TicketStream(
      long count, String topic, int documentSchemaId, KafkaSettings kafka, Tally tally, Pace pace) {
    this.feed = new SampleFeed(topic, documentSchemaId, kafka);
    this.tally = tally;
    this.pace = pace;
    this.thread = new Thread(() -> run(count), "ticket-stream");
    thread.setDaemon(true);
    thread.start();
  }

  /** Completes when all are sent; exceptionally if one could not be. */
  CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    feed.close();
  }

  private void run(long count) {
    try {
      Iterator<SampleArrival> arrivals = SampleTickets.load().arrivals(count).iterator();
      long pauseMillis = Math.round(1000 / pace.perSecond());
      while (arrivals.hasNext() && !stopped) {
        if (tally.open() < pace.mostOpen()) {
          send(arrivals.next());
        }
        Thread.sleep(pauseMillis);
      }
      done.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.cancel(false);
    } catch (Exception e) {
      done.completeExceptionally(e);
    }
  }

  private void send(SampleArrival arrival) throws Exception {
    // Told first: the outcome may be read before the broker's acknowledgement arrives here.
    tally.sent(arrival.id(), Instant.now());
    feed.send(arrival);
  }
}
