package io.kaiseki.pipelines.demo;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The sample tickets that ship with the product, and the stream that is made of them. Immutable;
 * the same count always gives the same stream.
 */
public final class SampleTickets {

  private static final String FILE = "/demo/tickets.jsonl";

  /** One arrival in so many is broken, and early enough among them that ten hold one. */
  private static final int BROKEN_EVERY = 20;

  private static final int BROKEN_AT = 9;

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build()
          .readerFor(SampleTicket.class);

  private final List<SampleTicket> tickets;

  private SampleTickets(List<SampleTicket> tickets) {
    this.tickets = List.copyOf(tickets);
  }

  /** Reads the tickets from the class path. */
  public static SampleTickets load() {
    try (InputStream in =
            Objects.requireNonNull(SampleTickets.class.getResourceAsStream(FILE), FILE);
        MappingIterator<SampleTicket> lines = JSON.readValues(in)) {
      return new SampleTickets(lines.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The distinct tickets, hostile ones spread evenly among them. */
  public List<SampleTicket> all() {
    return tickets;
  }

  /**
   * A stream of tickets with a broken record now and then. It takes the tickets in turn; where it
   * starts over, they get new ids. About one arrival in nine is hostile and exactly the tenth of
   * each twenty is broken, each {@link Breakage} in turn.
   *
   * @param count number of arrivals, tickets and broken ones together
   */
  public Stream<SampleArrival> arrivals(long count) {
    return LongStream.range(0, count).mapToObj(this::arrival);
  }

  /** Every way to break a record, applied to one. */
  public static List<BrokenPayload> broken(byte[] valid) {
    return Arrays.stream(Breakage.values()).map(breakage -> breakage.applyTo(valid)).toList();
  }

  private SampleArrival arrival(long position) {
    long brokenBefore = (position + BROKEN_EVERY - 1 - BROKEN_AT) / BROKEN_EVERY;
    if (position % BROKEN_EVERY == BROKEN_AT) {
      Breakage[] breakages = Breakage.values();
      SampleTicket victim = tickets.get((int) (position % tickets.size()));
      return new SampleArrival.Broken(
          victim.withId("B-%04d".formatted(brokenBefore + 1)),
          breakages[(int) (brokenBefore % breakages.length)]);
    }
    long turn = position - brokenBefore;
    SampleTicket ticket = tickets.get((int) (turn % tickets.size()));
    long round = turn / tickets.size();
    return new SampleArrival.Intact(
        round == 0 ? ticket : ticket.withId(ticket.id() + "-" + (round + 1)));
  }
}
