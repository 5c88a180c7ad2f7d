package io.kaiseki.inference.llamacpp;

import org.junit.jupiter.api.extension.ExtendWith;

/** The same on the current build of llama.cpp. */
@ExtendWith(CurrentBuild.class)
class LanesOnCurrentBuildIT extends LanesIT {}
