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

from . import latents, memory
from .batches import SHARES, Batch, Batches
from .network import KeysAndValues, Network
from .tasks import Task


def loss_of(network: Network, batch: Batch) -> torch.Tensor:
    """The mean loss of the tokens that are to be learned."""
    hidden, _ = network(batch.tokens, batch.start, _read_prefix(network, batch))
    learned = batch.weights > 0
    logits = network.logits(hidden[learned])
    losses = F.cross_entropy(logits, batch.targets[learned], reduction="none")
    weights = batch.weights[learned]
    return (losses * weights).sum() / weights.sum()


def latent_loss_of(network: Network, batch: Batch) -> torch.Tensor:
    """How badly the network's lower half tells what the documents were made of."""
    prefix = _read_prefix(network, batch, network.half)
    told = network.tell(batch.tokens, batch.start, prefix, batch.turns)
    return latents.loss_of(told, batch.latents)


def _read_prefix(network: Network, batch: Batch, layers: int | None = None) -> list[KeysAndValues]:
    # A long prefix is read without gradients: it costs a third, and all it has to teach is that it
    # can be passed over.
    with torch.set_grad_enabled(not batch.full_prefix):
        return network.read_prefix(batch.prefix, layers)


def backward(network: Network, batches: list[Batch]) -> dict[str, Tensor]:
    """Adds the gradients of batches; returns the loss of each task."""
    losses = {}
    for batch in batches:
        loss = (latent_loss_of if batch.latents.numel() else loss_of)(network, batch)
        losses[batch.task] = loss.detach()
        (loss * batch.loss_weight).backward()
    return losses


class Workers:
    """This process and one more, over one network in shared memory."""

    def __init__(self, network: Network, tasks: Callable[[], dict[str, Task]], seed: int):
        memory.keep_freed()
        self._network = network
        self._batches = Batches(tasks(), SHARES[0], seed)
        network.share_memory()
        self._gradients = [torch.zeros_like(p).share_memory_() for p in network.parameters()]
        context = multiprocessing.get_context("spawn")
        self._orders, self._results = context.SimpleQueue(), context.SimpleQueue()
        arguments = (network, self._gradients, tasks, seed, self._orders, self._results)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()

    def backward(self, step: int, full: float) -> dict[str, Tensor]:
        """Leaves the gradients of a whole step in the network's parameters."""
        self._orders.put((step, full))
        losses = backward(self._network, self._batches.of(step, full))
        losses.update(self._results.get())
        for parameter, gradient in zip(self._network.parameters(), self._gradients):
            assert parameter.grad is not None
            parameter.grad.add_(gradient)
        return losses

    def close(self) -> None:
        self._orders.put(None)
        self._process.join()


def _serve(network, gradients, tasks, seed, orders, results) -> None:
    # The first process decides when to end.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    memory.keep_freed()
    torch.set_num_threads(1)
    batches = Batches(tasks(), SHARES[1], seed)
    network.train()
    while (order := orders.get()) is not None:
        step, full = order
        losses = backward(network, batches.of(step, full))
        for parameter, gradient in zip(network.parameters(), gradients):
            if parameter.grad is None:
                gradient.zero_()
            else:
                gradient.copy_(parameter.grad)
                parameter.grad.zero_()
        results.put({task: float(loss) for task, loss in losses.items()})
