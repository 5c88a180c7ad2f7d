package io.kaiseki.pipelines.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.demo.SampleTicket.Trait;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleTicketsTest {

  private final SampleTickets samples = SampleTickets.load();

  @Test
  void there_are_enough_of_them_and_no_two_are_alike() {
    assertThat(samples.all()).hasSizeGreaterThanOrEqualTo(240);
    assertThat(samples.all()).extracting(SampleTicket::id).doesNotHaveDuplicates();
    Set<String> bodies =
        samples.all().stream()
            .map(ticket -> ticket.body().strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    // Two have nothing in them: no text at all, and blanks.
    assertThat(bodies).hasSize(samples.all().size() - 1);
  }

  @Test
  void no_ticket_is_another_one_with_a_few_words_changed() {
    List<Set<String>> words =
        samples.all().stream()
            .filter(ticket -> ticket.trait() != Trait.EMPTY && ticket.trait() != Trait.SHORT)
            .map(ticket -> Set.of(distinctWords(ticket.body())))
            .toList();
    for (int i = 0; i < words.size(); i++) {
      for (int j = 0; j < i; j++) {
        Set<String> shared = new HashSet<>(words.get(i));
        shared.retainAll(words.get(j));
        int larger = Math.max(words.get(i).size(), words.get(j).size());
        assertThat(shared.size())
            .as("words shared by %s and %s", words.get(i), words.get(j))
            .isLessThanOrEqualTo(larger / 2);
      }
    }
  }

  @Test
  void they_come_in_many_languages_lengths_and_channels() {
    assertThat(samples.all().stream().map(SampleTicket::language).distinct())
        .hasSizeGreaterThanOrEqualTo(12)
        .contains("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ja", "zh", "ar", "ru");
    assertThat(samples.all()).anyMatch(ticket -> ticket.body().lines().count() >= 20);
    assertThat(samples.all()).anyMatch(ticket -> ticket.body().length() < 20);
    assertThat(samples.all())
        .allSatisfy(
            ticket -> {
              assertThat(ticket.kind()).isEqualTo("ticket");
              assertThat(ticket.attributes())
                  .containsOnlyKeys("channel", "customerTier", "businessLine");
            });
    assertThat(samples.all().stream().map(SampleTicket::trait).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Trait.values());
  }

  @Test
  void the_hostile_ones_hold_every_kind_of_attack() {
    List<String> hostile =
        samples.all().stream()
            .filter(ticket -> ticket.trait() == Trait.HOSTILE)
            .map(ticket -> ticket.title() + "\n" + ticket.body())
            .toList();

    assertThat(hostile).hasSizeGreaterThanOrEqualTo(20);
    String all = String.join("\n", hostile);
    assertThat(all)
        .contains(
            "<｜Assistant｜>", "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>", "<think>", "</think>")
        .contains("<script>", "<!--", "\"priority\": \"low\"", "IGNORE ALL PREVIOUS INSTRUCTIONS")
        .contains("\u0000", "\u001b", "\u202e", "\u200b", "\ufeff");
    assertThat(all.codePoints())
        .as("half a surrogate pair")
        .anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    assertThat(hostile).anyMatch(text -> text.lines().anyMatch(line -> line.length() > 5_000));
  }

  @Test
  void sixty_arrivals_already_hold_hostile_and_broken_ones() {
    List<SampleArrival> arrivals = samples.arrivals(60).toList();

    assertThat(arrivals).hasSize(60);
    assertThat(arrivals).extracting(SampleArrival::id).doesNotHaveDuplicates();
    assertThat(arrivals.stream().filter(SampleArrival.Broken.class::isInstance)).hasSize(3);
    assertThat(
            arrivals.stream().filter(arrival -> arrival.ticket().trait() == Trait.HOSTILE).count())
        .isBetween(3L, 12L);
  }

  @Test
  void every_ticket_is_sent_once_before_any_comes_again_under_a_new_id() {
    int distinct = samples.all().size();
    List<SampleArrival> arrivals = samples.arrivals(3L * distinct).toList();
    List<SampleTicket> intact =
        arrivals.stream()
            .filter(SampleArrival.Intact.class::isInstance)
            .map(SampleArrival::ticket)
            .toList();

    assertThat(arrivals).extracting(SampleArrival::id).doesNotHaveDuplicates();
    assertThat(intact.subList(0, distinct)).isEqualTo(samples.all());
    assertThat(intact.get(distinct))
        .isEqualTo(samples.all().get(0).withId(samples.all().get(0).id() + "-2"));
  }

  @Test
  void every_breakage_takes_its_turn() {
    assertThat(
            samples
                .arrivals(120)
                .filter(SampleArrival.Broken.class::isInstance)
                .map(arrival -> ((SampleArrival.Broken) arrival).breakage()))
        .containsExactly(Breakage.values());
  }

  @Test
  void the_same_count_gives_the_same_stream() {
    assertThat(samples.arrivals(500).toList())
        .isEqualTo(SampleTickets.load().arrivals(500).toList());
  }

  private static String[] distinctWords(String text) {
    return text.toLowerCase(Locale.ROOT)
        .lines()
        .flatMap(l -> Arrays.stream(l.split("\\PL+")))
        .distinct()
        .toArray(String[]::new);
  }
}
