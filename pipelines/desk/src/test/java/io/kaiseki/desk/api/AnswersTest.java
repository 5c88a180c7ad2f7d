package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswersTest {

  @Test
  void a_tag_is_the_one_that_browsers_have_from_before() {
    assertThat(Answers.tag("{}".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("\"RBNvo1WzZ4oRRq0W9-hknp\"");
  }
}
