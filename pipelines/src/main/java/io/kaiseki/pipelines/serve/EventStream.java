package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events of one reply, in the form of the WHATWG HTML standard, section 9.2. Several
 * threads write.
 */
final class EventStream {

  private final OutputStream out;
  private boolean ended;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** Sends an event. */
  void send(ObjectNode event) throws IOException {
    write("data: " + event + "\n\n");
  }

  /** Sends nothing that a client sees, to find out whether it is still there. */
  synchronized void beat() throws IOException {
    if (!ended) {
      write(": still at work\n\n");
    }
  }

  /** Ends the events. */
  synchronized void end() throws IOException {
    ended = true;
    write("data: [DONE]\n\n");
  }

  private synchronized void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
