package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowQueryReaderTest {

  @Test
  void other_instances_are_asked_at_an_address_whatever_characters_a_browser_has_sent() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    parameters.put("q", List.of("a|b ^{\"}\\<>`&=+% ü"));
    parameters.put("status", List.of("open", "failed"));
    parameters.put("field.category", List.of("(none)"));

    URI address = URI.create("http://127.0.0.1/?" + RowQueryReader.address(parameters));

    assertThat(address.getRawQuery())
        .isEqualTo(
            "q=a%7Cb+%5E%7B%22%7D%5C%3C%3E%60%26%3D%2B%25+%C3%BC"
                + "&status=open&status=failed&field.category=%28none%29");
    assertThat(RowQueryReader.address(Map.of())).isEmpty();
  }
}
