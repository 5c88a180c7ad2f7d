package io.kaiseki.desk.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class DeskTest {

  @Test
  void it_goes_by_the_host_that_it_listens_on_and_by_that_which_it_advertises() {
    assertThat(Desk.names("10.0.0.7", new HostInfo("desk", 8090)))
        .containsExactlyInAnyOrder("10.0.0.7", "desk");
    assertThat(Desk.names("10.0.0.7", null)).containsExactly("10.0.0.7");
  }

  @Test
  void the_host_that_it_advertises_may_be_the_one_that_it_listens_on() {
    assertThat(Desk.names("10.0.0.7", new HostInfo("10.0.0.7", 8090))).containsExactly("10.0.0.7");
  }
}
