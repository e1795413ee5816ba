use proptest::prelude::*;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A breaker and the requests that are on their way.
struct Run {
    breaker: Breaker,
    now: Instant,
    passes: Vec<Pass>,
}

impl Run {
    fn new() -> Self {
        Self { breaker: Breaker::new(Rule::default()), now: Instant::now(), passes: Vec::new() }
    }

    fn admit(&mut self) -> bool {
        let pass = self.breaker.admit(self.now);
        let admitted = pass.is_some();
        self.passes.extend(pass);
        admitted
    }

    fn ask(&mut self, good: bool) -> bool {
        let pass = self.breaker.admit(self.now);
        let admitted = pass.is_some();
        if let Some(pass) = pass {
            self.breaker.report(pass, good, self.now);
        }
        admitted
    }
}

#[test]
fn five_failures_open_it_and_one_probe_closes_it() {
    let mut run = Run::new();
    for _ in 0..5 {
        assert!(run.ask(false));
    }
    assert!(!run.ask(true), "open");
    run.now += 2 * SECOND;
    assert!(run.admit(), "the probe");
    assert!(!run.admit(), "only one");
    let probe = run.passes.pop().unwrap();
    run.breaker.report(probe, true, run.now);
    assert!(run.ask(true) && run.ask(true), "closed");
}

#[test]
fn a_probe_that_fails_doubles_the_pause_up_to_a_minute() {
    let mut run = Run::new();
    for _ in 0..5 {
        run.ask(false);
    }
    for pause in [2_u32, 4, 8, 16, 32, 60, 60] {
        run.now += Duration::from_millis(1_000 * u64::from(pause) - 1);
        assert!(!run.admit(), "{pause}");
        run.now += Duration::from_millis(1);
        assert!(run.ask(false), "{pause}");
    }
}

#[test]
fn a_few_failures_among_many_replies_or_long_ago_do_not_open_it() {
    let mut run = Run::new();
    for number in 0..1_000 {
        assert!(run.ask(number % 3 != 0));
    }
    let mut run = Run::new();
    for _ in 0..100 {
        assert!(run.ask(false));
        run.now += 10 * SECOND;
    }
}

#[test]
fn a_probe_that_is_given_up_lets_another_find_out() {
    let mut run = Run::new();
    for _ in 0..5 {
        run.ask(false);
    }
    run.now += 2 * SECOND;
    assert!(run.admit());
    let probe = run.passes.pop().unwrap();
    run.breaker.give_back(probe, run.now);
    assert!(run.ask(true) && run.admit() && run.admit());
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Wait(u64),
    Admit,
    /// What came of one of those on their way.
    Report(usize, bool),
    GiveBack(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0_u64..5_000).prop_map(Event::Wait),
        Just(Event::Admit),
        (any::<usize>(), any::<bool>()).prop_map(|(which, good)| Event::Report(which, good)),
        any::<usize>().prop_map(Event::GiveBack),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_it_lets_one_probe_through_and_never_stays_shut(
        events in prop::collection::vec(event(), 0..300),
    ) {
        let mut run = Run::new();
        for event in events {
            let before = run.breaker.state();
            match event {
                Event::Wait(millis) => run.now += Duration::from_millis(millis),
                Event::Admit => {
                    let expected = match before {
                        State::Closed => true,
                        State::Open(until) => until <= run.now,
                        State::Probing => false,
                    };
                    prop_assert_eq!(run.admit(), expected);
                }
                Event::Report(which, good) if !run.passes.is_empty() => {
                    let pass = run.passes.swap_remove(which % run.passes.len());
                    run.breaker.report(pass, good, run.now);
                    // What was asked before the breaker changed cannot close it.
                    let closed = before != State::Closed && run.breaker.state() == State::Closed;
                    prop_assert!(!closed || (before == State::Probing && good));
                }
                Event::GiveBack(which) if !run.passes.is_empty() => {
                    let pass = run.passes.swap_remove(which % run.passes.len());
                    run.breaker.give_back(pass, run.now);
                }
                Event::Report(..) | Event::GiveBack(_) => {}
            }
        }
        // All that is on its way comes to an end; after the longest pause somebody may ask, and good replies close it.
        for pass in std::mem::take(&mut run.passes) {
            run.breaker.give_back(pass, run.now);
        }
        run.now += 60 * SECOND;
        prop_assert!(run.ask(true));
        prop_assert_eq!(run.breaker.state(), State::Closed);
    }
}
