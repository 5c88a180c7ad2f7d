package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptsHeaderTest {

  @Test
  void a_record_without_the_header_was_never_tried() {
    assertThat(AttemptsHeader.read(List.of(header("other", "7")))).isZero();
    assertThat(AttemptsHeader.total(List.of(), 2)).isEqualTo(2);
  }

  @Test
  void attempts_are_counted_on_from_the_last_header_of_the_name() {
    List<RawHeader> headers =
        List.of(header(AttemptsHeader.NAME, "9"), header(AttemptsHeader.NAME, "3"));

    assertThat(AttemptsHeader.read(headers)).isEqualTo(3);
    assertThat(AttemptsHeader.total(headers, 2)).isEqualTo(5);
  }

  @Test
  void a_record_that_came_again_counts_even_if_it_never_reached_the_engine() {
    assertThat(AttemptsHeader.total(List.of(header(AttemptsHeader.NAME, "1")), 0)).isEqualTo(2);
  }

  @Test
  void what_is_written_is_read() {
    assertThat(
            AttemptsHeader.read(
                List.of(new RawHeader(AttemptsHeader.NAME, AttemptsHeader.value(12)))))
        .isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "many", "1.5", "99999999999999999999", " 3"})
  void what_is_no_number_counts_as_none(String value) {
    assertThat(AttemptsHeader.read(List.of(header(AttemptsHeader.NAME, value)))).isZero();
    assertThat(AttemptsHeader.read(List.of(new RawHeader(AttemptsHeader.NAME, null)))).isZero();
  }

  private static RawHeader header(String name, String value) {
    return new RawHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
