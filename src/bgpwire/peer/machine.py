"""The state machine of one session (RFC 4271 section 8), without sockets, tasks or a clock.

Told what happened it says what to send (:meth:`Machine.take`), what there is to know (:meth:`Machine.events`), when it
wants to be told the time (:attr:`Machine.deadline`), and whether the connection is to end (:attr:`Machine.closing`).
Times are seconds of any clock that does not go back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError
from bgpwire.message import Keepalive, Message, Notification, Open, RouteRefresh, Update
from bgpwire.numbers import error_code as codes
from bgpwire.numbers import message as kinds
from bgpwire.peer.closed import Cause, SessionClosed
from bgpwire.peer.collision import stays
from bgpwire.peer.established import Established
from bgpwire.peer.events import Closed, ConnectionWanted, Opened, StateChanged
from bgpwire.peer.faults import coded, unexpected
from bgpwire.peer.opening import open_fault
from bgpwire.peer.state import State
from bgpwire.peer.timers import Timer, Timers
from bgpwire.session import Session
from bgpwire.stream import Framer

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable

    from bgpwire.peer.collision import Collisions
    from bgpwire.peer.config import Config
    from bgpwire.peer.events import Event

_KEEPALIVE = bytes(Keepalive.build())
_ROOM = 65535
_SEND_HOLD = 480.0


def _nothing() -> None:
    pass


class Machine:
    """One connection at a time with one peer.

    ``remote`` is the peer's address, told apart by ``collisions``, which machines of one speaker share. With ``retry``
    a connection that fails before the session is established is wanted anew after ``config.connect_time``; without, the
    machine is idle again, as it is after every session, and may be started anew. ``jitter`` of 0.75 to 1 shortens what
    is waited between KEEPALIVEs and connections (RFC 4271 section 10). ``wake`` is called where another machine ended
    this one's connection.
    """

    def __init__(
        self,
        config: Config,
        *,
        remote: str = "",
        collisions: Collisions | None = None,
        retry: bool = False,
        jitter: float = 1.0,
        wake: Callable[[], None] = _nothing,
    ) -> None:
        self.config = config
        self.remote = remote
        self.retry = retry
        self.outgoing = True
        self.state = State.IDLE
        self.closing = False
        """Whether the connection is to be closed, once what :meth:`take` gave is sent."""
        self.reason: SessionClosed | None = None
        """Why the last session ended."""
        self.used = False
        """Whether the peer has sent anything but KEEPALIVEs in the session."""
        self.sent_open: Open = config.open()
        self.received_open: Open | None = None
        self.session: Session | None = None
        """What was agreed on; ``None`` before OpenConfirm."""
        self._collisions = collisions
        self._jitter = jitter
        self.wake = wake
        self._timers = Timers()
        self._events: list[Event] = []
        self._out: list[bytes] = []
        self.unsent = 0
        """How many octets :meth:`take` has to give."""
        self._framer = Framer()
        self._drain: memoryview | None = None
        self._paused = self._blocked = False
        self._established = Established(config, Session(), self._events)

    # --- what comes out -------------------------------------------------------------------------------------------

    def take(self) -> bytes:
        """The octets to send now; they are not given again."""
        out = b"".join(self._out)
        self._out.clear()
        self.unsent = 0
        return out

    def events(self) -> list[Event]:
        """What happened since the last call, in order."""
        out = self._events.copy()
        self._events.clear()
        return out

    @property
    def deadline(self) -> float | None:
        """When to call :meth:`tick` at the latest; ``None``: not at all."""
        return self._timers.deadline

    @property
    def ignored(self) -> int:
        """Messages that the specification says to ignore: refresh requests that nobody offered to answer, and UPDATEs
        of families that were given up."""
        return self._established.ignored

    # --- what the operator does -----------------------------------------------------------------------------------

    def start(self, now: float, *, passive: bool = False) -> None:
        """Events 1 and 4: want a connection, or wait for one. ValueError unless the machine is idle."""
        if self.state is not State.IDLE:
            raise ValueError(f"a session that is {self.state.name}")
        self.closing = False
        self.reason = None
        if passive:
            self._to(State.ACTIVE)
        else:
            self._connect(now)

    def stop(self, now: float, notification: Notification | None = None) -> None:
        """Events 2 and 8: end the session with a NOTIFICATION, Cease 6/2 (Administrative Shutdown) if none is given."""
        if self.state >= State.OPEN_SENT:
            said = notification or Notification.build(codes.CEASE, codes.ADMINISTRATIVE_SHUTDOWN)
            self._end(Cause.LOCAL, "closed by this side", sent=said)
        elif self.state is not State.IDLE:
            self._end(Cause.LOCAL, "closed by this side")

    def fail(self, problem: BaseException) -> None:
        """End the session because of an exception of this side: Cease 6/8 (Out of Resources) to the peer."""
        if self.state is State.IDLE:
            return
        said = Notification.build(codes.CEASE, codes.OUT_OF_RESOURCES) if self.state >= State.OPEN_SENT else None
        self._end(Cause.INTERNAL, f"{type(problem).__name__} on this side", sent=said, problem=problem)

    def send(self, message: Message, now: float) -> None:
        """Send one message. :class:`SessionClosed` or ValueError unless the session is established, ValueError for one
        that is longer than was agreed on, an OPEN and a NOTIFICATION."""
        if self.state is not State.ESTABLISHED:
            if self.reason is not None:
                raise self.reason.fresh()
            raise ValueError(f"a session that is {self.state.name} sends nothing")
        assert self.session is not None
        data = message.data
        if len(data) > self.session.max_message:
            raise ValueError(f"a message of {len(data)} octets, {self.session.max_message} at most")
        if data[18] in (kinds.OPEN, kinds.NOTIFICATION):
            raise ValueError(f"{message.name} is for the state machine to send")
        self._put(data)
        self._keep(now)

    # --- what TCP does --------------------------------------------------------------------------------------------

    def connected(self, now: float, *, outgoing: bool = True) -> None:
        """Events 16 and 17: there is a connection, which this side made, or the peer (``outgoing`` false)."""
        if self.state not in (State.CONNECT, State.ACTIVE):
            raise ValueError(f"a connection in {self.state.name}")
        self.outgoing = outgoing
        self._framer = Framer()
        self._paused = self._blocked = self.used = False
        self.received_open = self.session = None
        self._timers.stop()
        self._timers.set(Timer.HOLD, now + self.config.open_time)
        self._put(self.sent_open.data)
        if self._collisions is not None:
            self._collisions.join(self)
        self._to(State.OPEN_SENT)

    def refused(self, now: float, problem: BaseException | None = None) -> None:
        """Event 18 in Connect: the connection that was wanted did not come about."""
        if self.state is State.CONNECT:
            self._lost(now, f"no connection: {problem}" if problem else "no connection", problem)

    def closed(self, now: float, problem: BaseException | None = None) -> None:
        """Event 18: the connection has ended."""
        if self.state < State.OPEN_SENT:
            return
        detail = f"the connection ended: {problem}" if problem else "the peer ended the connection"
        if self._framer.pending:
            detail += f", {self._framer.pending} octets into a message"
        self._lost(now, detail, problem)

    def _lost(self, now: float, detail: str, problem: BaseException | None) -> None:
        """Without a connection: wait for the next one, or be idle."""
        if self.retry and self.state <= State.OPEN_SENT:
            self._leave()
            self._timers.set(Timer.CONNECT_RETRY, now + self.config.connect_time * self._jitter)
            self._to(State.ACTIVE)
        else:
            self._end(Cause.CONNECTION, detail, problem=problem)

    def received(self, octets: Buffer, now: float) -> None:
        """Octets that came, of any number. What is behind the end of a session is dropped."""
        view = memoryview(octets).cast("B")
        for at in range(0, len(view), _ROOM):
            part = view[at : at + _ROOM]
            self.buffer()[: len(part)] = part
            self.filled(len(part), now)

    def buffer(self) -> memoryview:
        """Where octets may be written, in place of :meth:`received`; then :meth:`filled` says how many."""
        if self.state >= State.OPEN_SENT:
            return self._framer.buffer(_ROOM)
        if self._drain is None:
            self._drain = memoryview(bytearray(_ROOM))
        return self._drain

    def filled(self, count: int, now: float) -> None:
        """So many octets were written into what :meth:`buffer` gave."""
        if self.state < State.OPEN_SENT:
            return
        kind = 0
        framer = self._framer
        framer.received(count)
        try:
            while self.state >= State.OPEN_SENT and (view := next(framer, None)) is not None:
                kind = view[18]
                self._message(kind, view, now)
                kind = 0
        except DecodeError as error:
            self._fault(error, kind)

    def pause(self) -> None:
        """Nothing is read for a while, of this side's own will: the hold timer stands still."""
        self._paused = True
        if self.state is State.ESTABLISHED:
            self._timers.stop(Timer.HOLD)

    def resume(self, now: float) -> None:
        """Reading goes on."""
        self._paused = False
        self._alive(now)

    def blocked(self, now: float) -> None:
        """The peer takes nothing of what is sent (RFC 9687): KEEPALIVEs would only queue up behind it."""
        self._blocked = True
        wait = self.config.send_hold_time
        if wait is None:
            hold = 0 if self.session is None or self.session.hold_time is None else self.session.hold_time
            wait = max(_SEND_HOLD, 2.0 * hold)
        if wait and self.state >= State.OPEN_SENT and not self._timers.runs(Timer.SEND_HOLD):
            self._timers.set(Timer.SEND_HOLD, now + wait)

    def unblocked(self) -> None:
        """It does again."""
        self._blocked = False
        self._timers.stop(Timer.SEND_HOLD)

    # --- what the clock does --------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Events 9 to 11: what is due by now."""
        while (timer := self._timers.pop(now)) is not None:
            if timer is Timer.KEEPALIVE:
                if not self._blocked:
                    self._put(_KEEPALIVE)
                self._keep(now)
            elif timer is Timer.HOLD:
                said = Notification.build(codes.HOLD_TIMER_EXPIRED)
                self._end(Cause.HOLD_TIMER, "the hold timer expired", sent=said)
            elif timer is Timer.SEND_HOLD:
                said = Notification.build(codes.SEND_HOLD_TIMER_EXPIRED)
                self._end(Cause.SEND_HOLD_TIMER, "the send hold timer expired", sent=said)
            elif self.state is State.CONNECT and not self.retry:
                self._end(Cause.CONNECTION, f"no connection within {self.config.connect_time:g} s")
            else:
                self._connect(now)

    # --- messages -------------------------------------------------------------------------------------------------

    def _message(self, kind: int, view: memoryview, now: float) -> None:
        state = self.state
        if kind == kinds.NOTIFICATION:
            said = Message.of(bytes(view))
            assert isinstance(said, Notification)
            self._end(Cause.NOTIFICATION, "ended by the peer", received=said)
        elif state is State.ESTABLISHED and kind in (kinds.UPDATE, kinds.KEEPALIVE, kinds.ROUTE_REFRESH):
            self._alive(now)
            if kind != kinds.KEEPALIVE:
                self.used = True
                message = Message.of(bytes(view), self._established.session)
                message.check()
                if isinstance(message, Update):
                    self._established.update(message)
                elif isinstance(message, RouteRefresh):
                    self._established.refresh(message)
        elif state is State.OPEN_SENT and kind == kinds.OPEN:
            opened = Message.of(bytes(view))
            opened.check()
            assert isinstance(opened, Open)
            self._opened(opened, now)
        elif state is State.OPEN_CONFIRM and kind == kinds.KEEPALIVE:
            self._confirmed(now)
        else:
            self._fault(unexpected(view, state, self._framer.offset - len(view)), kind)

    def _opened(self, received: Open, now: float) -> None:
        """Event 19 in OpenSent."""
        fault = open_fault(self.config, self.sent_open, received)
        if fault is not None:
            self._fault(fault, kinds.OPEN)
            return
        rival = None if self._collisions is None else self._collisions.rival(self, received)
        if rival is not None:
            if not stays(self, rival, received):
                self._collided()
                return
            rival._collided()
            rival.wake()
        self.received_open = received
        self.session = session = Session.from_opens(self.sent_open, received)
        self._established = Established(self.config, session, self._events, received)
        self._framer.max_message = session.max_message
        self._put(_KEEPALIVE)
        if session.hold_time:
            self._alive(now)
            self._keep(now)
        # Without a hold time the large one goes on, so that a peer that says no more does not stay for ever.
        self._to(State.OPEN_CONFIRM)

    def _confirmed(self, now: float) -> None:
        """Event 26 in OpenConfirm."""
        assert self.session is not None
        assert self.received_open is not None
        if not self.session.hold_time:
            self._timers.stop(Timer.HOLD)
        self._alive(now)
        self._to(State.ESTABLISHED)
        self._events.append(Opened(self.session, self.received_open))

    def _collided(self) -> None:
        said = Notification.build(codes.CEASE, codes.CONNECTION_COLLISION_RESOLUTION)
        self._end(Cause.COLLISION, "another connection with this peer stays", sent=said)

    def _fault(self, error: DecodeError, kind: int) -> None:
        """End the session with the NOTIFICATION that ``error`` stands for; ``kind`` is the type of message."""
        found = coded(error, kind)
        self._end(Cause.ERROR, str(found), sent=found.notification(), error=found)

    # --- states and timers ----------------------------------------------------------------------------------------

    def _to(self, state: State) -> None:
        old, self.state = self.state, state
        if old is not state:
            self._events.append(StateChanged(old, state))

    def _put(self, octets: bytes) -> None:
        self._out.append(octets)
        self.unsent += len(octets)

    def _connect(self, now: float) -> None:
        self._timers.set(Timer.CONNECT_RETRY, now + self.config.connect_time * self._jitter)
        self._to(State.CONNECT)
        self._events.append(ConnectionWanted())

    def _alive(self, now: float) -> None:
        """The peer was heard."""
        if self.session is not None and self.session.hold_time and not self._paused:
            self._timers.set(Timer.HOLD, now + self.session.hold_time)

    def _keep(self, now: float) -> None:
        """Something was sent: the next KEEPALIVE is due a third of the hold time later (RFC 4271 section 10)."""
        if self.session is not None and self.session.hold_time:
            self._timers.set(Timer.KEEPALIVE, now + self.session.hold_time / 3 * self._jitter)

    def _leave(self) -> None:
        """Without the connection that there was."""
        self._timers.stop()
        if self._collisions is not None:
            self._collisions.leave(self)

    def _end(
        self,
        cause: Cause,
        detail: str,
        *,
        sent: Notification | None = None,
        received: Notification | None = None,
        error: DecodeError | None = None,
        problem: BaseException | None = None,
    ) -> None:
        """To Idle."""
        if sent is not None:
            self._put(sent.data)
        self._leave()
        self.closing = True
        self.reason = SessionClosed(cause, detail, sent, received, error, problem)
        self._to(State.IDLE)
        self._events.append(Closed(self.reason))
