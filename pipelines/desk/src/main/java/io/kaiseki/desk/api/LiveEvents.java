package io.kaiseki.desk.api;

import io.javalin.http.sse.SseClient;
import io.kaiseki.desk.view.DeskView;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners that something has changed (server-sent events). What has changed they ask for
 * themselves, each with its own filters; however much changes, they hear of it four times a second
 * at most.
 */
final class LiveEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_BETWEEN_PEERS = 4;
  private static final int TICKS_BETWEEN_SIGNS = 40;
  private static final int MOST_LISTENERS = 500;

  private final DeskView view;
  private final Set<SseClient> listeners = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "live-events");
            thread.setDaemon(true);
            return thread;
          });

  private long told;
  private long elsewhere;
  private long tick;

  LiveEvents(DeskView view) {
    this.view = view;
    clock.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Adds a listener, which first hears how things stand. */
  void listen(SseClient client) {
    if (listeners.size() >= MOST_LISTENERS) {
      throw new ApiProblem(503, "too many listeners");
    }
    client.keepAlive();
    client.onClose(() -> listeners.remove(client));
    // Before the first event: a client that is found gone is closed, and taken out, at once.
    listeners.add(client);
    client.sendEvent("change", message(view.version()));
    if (client.terminated()) {
      // Closed by others, before it knew what to do then.
      listeners.remove(client);
    }
  }

  /** How many listen now. */
  long listeners() {
    return listeners.size();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    listeners.forEach(SseClient::close);
  }

  private void tick() {
    try {
      tick++;
      listeners.removeIf(SseClient::terminated);
      long version = view.version();
      if (!listeners.isEmpty() && tick % TICKS_BETWEEN_PEERS == 0 && !view.isAlone()) {
        elsewhere = view.versionElsewhere();
      }
      if (version + elsewhere != told) {
        told = version + elsewhere;
        tell(told);
      } else if (tick % TICKS_BETWEEN_SIGNS == 0) {
        listeners.forEach(client -> client.sendComment("still here"));
      }
    } catch (RuntimeException e) {
      LOG.warn("live events missed a tick cause={}", e.toString());
    }
  }

  private void tell(long version) {
    for (SseClient client : listeners) {
      client.sendEvent("change", message(version));
    }
  }

  private static String message(long version) {
    return "{\"version\":" + version + "}";
  }
}
