"""Gradients of one step from several processes.

Each process computes with one thread. On shared cores that is several times as fast as one process
with several threads, which wait for each other inside every product of matrices.
"""

from __future__ import annotations

import signal
from collections.abc import Callable

import torch
from torch import Tensor, multiprocessing
from torch.nn import functional as F

from . import heads, memory
from .batches import FIRST_PROCESS, SECOND_PROCESS, Batch, Batches
from .network import Network
from .tasks import Task


# Documents that a CPU reads together: a few, so that their padding and what is between the layers
# stay small.
AT_ONCE = 24


def losses_of(network: Network, batch: Batch) -> tuple[Tensor | None, Tensor | None]:
    """How badly the documents are answered, and how badly it is told what they were made of."""
    answered = batch.weight > 0
    late = answered or bool((batch.answer_quotes >= 0).any())
    layers = None if answered else network.late if late else network.half
    # A long prefix is read without gradients: it costs a third, and all it has to teach is that it
    # can be passed over.
    with torch.set_grad_enabled(not batch.full_prefix):
        prefix = network.read_prefix(batch.prefix, layers)
    of_answers, readings = [], []
    for piece in batch.pieces(len(batch.tokens) if batch.tokens.is_cuda else AT_ONCE):
        read = network.lower(piece.tokens, batch.start, prefix, late)
        if batch.latents.numel():
            readings.append(heads.reading(read, piece))
        if answered and read.late is not None:
            hidden = network.upper(read.late, batch.start, prefix)
            of_answers.append(_answer_loss(network, hidden, piece))
    return (
        torch.stack(of_answers).sum() / batch.weights.sum() if of_answers else None,
        network.heads.loss(readings, batch, network.logits) if readings else None,
    )


def _answer_loss(network: Network, hidden: Tensor, batch: Batch) -> Tensor:
    """The weighted losses of the tokens that are to be learned, all together."""
    learned = batch.weights > 0
    logits = network.logits(hidden[learned])
    losses = F.cross_entropy(logits, batch.targets[learned], reduction="none")
    return (losses * batch.weights[learned]).sum()


def backward(network: Network, batches: list[Batch]) -> dict[str, Tensor]:
    """Adds the gradients of batches; returns the loss of each task."""
    losses: dict[str, Tensor] = {}
    for batch in batches:
        of_answers, of_latents = losses_of(network, batch)
        parts = []
        if of_answers is not None:
            parts.append(of_answers * batch.weight)
            losses[batch.task] = of_answers.detach()
        if of_latents is not None:
            parts.append(of_latents * batch.latents_weight)
            losses.setdefault(batch.task, of_latents.detach())
        torch.stack(parts).sum().backward()
    return losses


class Workers:
    """This process and one more, over one network in shared memory."""

    def __init__(self, network: Network, tasks: Callable[[], dict[str, Task]], seed: int):
        memory.keep_freed()
        self._network = network
        self._batches = Batches(tasks(), FIRST_PROCESS, seed)
        network.share_memory()
        self._gradients = [torch.zeros_like(p).share_memory_() for p in network.parameters()]
        context = multiprocessing.get_context("spawn")
        self._orders = context.SimpleQueue()
        self._results, results = context.Pipe(duplex=False)
        arguments = (network, self._gradients, tasks, seed, self._orders, results)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        # Only the other process holds it then: when that one dies, reading ends.
        results.close()

    def backward(self, step: int, part: int, full: float, rests: bool) -> dict[str, Tensor]:
        """Leaves the gradients of a whole step in the network's parameters.

        part: of the training. full: share of the steps with the production prompt. rests: whether
        the last third of the layers does.
        """
        self._orders.put((step, part, full, rests))
        self._network.rest_upper(rests)
        losses = backward(self._network, self._batches.of(step, part, full))
        losses.update(self._others())
        for parameter, gradient in zip(self._network.parameters(), self._gradients):
            # What rests has none; nor has what only the other process uses, at first.
            if not parameter.requires_grad:
                parameter.grad = None
            elif parameter.grad is None:
                parameter.grad = gradient.clone()
            else:
                parameter.grad.add_(gradient)
        return losses

    def _others(self) -> dict[str, float]:
        """The losses of the other process; it may have died, of too little memory perhaps."""
        try:
            return self._results.recv()
        except EOFError:
            self._process.join()
            ended = f"the second process ended with {self._process.exitcode}"
            raise RuntimeError(ended) from None

    def close(self) -> None:
        self._orders.put(None)
        self._process.join()


def _serve(network, gradients, tasks, seed, orders, results) -> None:
    # The first process decides when to end.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    memory.keep_freed()
    torch.set_num_threads(1)
    batches = Batches(tasks(), SECOND_PROCESS, seed)
    network.train()
    while (order := orders.get()) is not None:
        *step, rests = order
        network.rest_upper(rests)
        losses = backward(network, batches.of(*step))
        for parameter, gradient in zip(network.parameters(), gradients):
            if parameter.grad is None:
                gradient.zero_()
            else:
                gradient.copy_(parameter.grad)
                parameter.grad.zero_()
        results.send({task: float(loss) for task, loss in losses.items()})
