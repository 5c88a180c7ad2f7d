package io.kaiseki.pipelines.job;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus would find at an endpoint.
 *
 * @param types of the metrics by their names
 * @param samples in their order
 */
record Scrape(Map<String, String> types, List<Sample> samples) {

  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:]\\w*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** One line. */
  record Sample(String name, Map<String, String> labels, double value) {}

  static Scrape of(URI endpoint) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(endpoint).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(endpoint + " answered " + answer.statusCode());
    }
    Map<String, String> types = new HashMap<>();
    List<Sample> samples = new ArrayList<>();
    answer
        .body()
        .lines()
        .forEach(
            line -> {
              if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                types.put(words[2], words[3]);
              } else if (!line.startsWith("#") && !line.isBlank()) {
                samples.add(sample(line));
              }
            });
    return new Scrape(types, samples);
  }

  /** All samples of a series. */
  List<Sample> of(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  double sum(String name) {
    return of(name).stream().mapToDouble(Sample::value).sum();
  }

  private static Sample sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalStateException("no sample of Prometheus' text format: " + line);
    }
    Map<String, String> labels = new HashMap<>();
    if (matcher.group(2) != null) {
      Matcher label = LABEL.matcher(matcher.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3)));
  }
}
