//! How many requests to one agency are on their way at once. Each agency has its own: one that hangs takes nobody
//! else's.

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

/// For each request on its way so many may wait.
const WAITING: usize = 4;

pub(crate) struct Slots {
    free: Semaphore,
    /// Also those that have a slot.
    queue: Semaphore,
}

/// A place among those on their way, given back when it is dropped.
pub(crate) struct Slot<'a> {
    _free: SemaphorePermit<'a>,
    _queue: Option<SemaphorePermit<'a>>,
}

impl Slots {
    pub fn new(most: usize) -> Self {
        Self { free: Semaphore::new(most), queue: Semaphore::new(most * (1 + WAITING)) }
    }

    /// A slot, once one is free; none, when too many wait already, or none is free by `until`.
    pub async fn take(&self, until: Instant) -> Option<Slot<'_>> {
        let queue = self.queue.try_acquire().ok()?;
        let free = timeout_at(until, self.free.acquire()).await.ok()?.ok()?;
        Some(Slot { _free: free, _queue: Some(queue) })
    }

    /// A slot that is free now, for a copy.
    pub fn spare(&self) -> Option<Slot<'_>> {
        Some(Slot { _free: self.free.try_acquire().ok()?, _queue: None })
    }
}
