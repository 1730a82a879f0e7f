menu-title = 📋 Menu · { $count ->
    [0] no open trades
    [one] 1 open trade
   *[other] { $count } open trades
}
menu-new = 👋 Ready when you are
menu-new-detail = Your first trade, with a stop:
menu-hint = /buy btc 100 sl2% tp4%
    /trades /balance /history /chart btc
    /practice /settings /help

plans-title = 📌 { $count ->
    [one] 1 plan
   *[other] { $count } plans
}
plans-none = No plans yet
plans-none-detail = A plan fills in what you leave out.
plans-row = { $name } · { $parts }
plans-stop = stop { $level }
plans-target = target { $level }
plans-empty = nothing set
plans-saved = ✅ Plan "{ $name }" is saved
plans-removed = ✅ Plan "{ $name }" deleted
plans-hint = Use one: /buy btc plan={ $name }

practice-begin = 🎓 Practice: one minute of a trade
practice-begin-detail = The messages are real, the prices are
    invented. Your balance stays as it is.
practice-label = Practice · invented prices
practice-end = 🎓 Practice is over
practice-end-detail = All invented; your balance is untouched.
    A real trade works the same way.

link-title = 🔗 Your code: { $code }
link-detail = Type this in your other chat by { $time }:
link-line = { $line }
link-warning = It works once. Don't share it.
link-chats = Linked now: { $chats }
linked-here = ✅ This chat is linked
linked-here-detail = Same account now: same trades, same money.
linked-there = 🔗 { $chat } was linked: { $name }
linked-there-detail = Not you? Undo it now.

settings-title = ⚙️ Settings
settings-saved = ✅ { $line }
settings-confirm = Ask first: { $value }
settings-money = Money on cards: { $value }
settings-theme = Pictures: { $value }
settings-alerts = Notify in: { $value }
settings-language = Language: { $value }
settings-zone = Time zone: { $value }
settings-gone = { $chat } cannot be reached: notices wait
settings-hint = Change one: /settings confirm never
setting-always = always, typed orders too
setting-buttons = on taps and for all
setting-never = never, /close all included
setting-shown = shown
setting-hidden = hidden
setting-dark = dark
setting-light = light
setting-all = all chats
setting-none = no chat

chat-telegram = Telegram
chat-discord = Discord
chat-terminal = Terminal

group-title = ⚙️ This group
group-saved = ✅ Saved for this group
group-language = Language: { $value }
group-each = each one's own
group-cooldown = Pause between answers: { $value }
group-no-cooldown = none
group-hint = Change: /group cooldown 10

hand-off-title = 👉 { $name }, I'll answer in private
answered-in-private = Answered in private
hand-off-detail = Your request is kept; continue there.

health-title = 🩺 Up for { $span } · { $count ->
    [one] 1 person
   *[other] { $people } people
}
health-platform-off = { $chat }: off
health-platform-starting = { $chat }: starting
health-platform-up = { $chat }: up since { $since }
health-platform-away = { $chat }: away since { $since }
health-platform-bad_token = { $chat }: the token is refused
health-platform-other_poller = { $chat }: token used elsewhere
health-queued = { $count } queued
health-reason = { $reason }
health-engine = { $armed ->
    [yes] Engine armed
   *[no] Engine not armed
} · database { $database ->
    [yes] up
   *[no] away
}
health-paused = New entries: paused
health-trades = { $count ->
    [0] none
   *[other] { $open }
} open · { $waiting } waiting
health-deliveries = To deliver { $pending } · given up { $dead }
health-machine = Memory { $memory } MB · loop lag { $lag }

receipt-title = ✅ Back after { $span }
receipt-detail = Replayed { $count ->
    [0] no prints
    [one] 1 print
   *[other] { $prints } prints
}, { $fills ->
    [0] nothing
    [one] 1 exit
   *[other] { $exits } exits
} found late
admin-done-pause = ✅ New entries are paused
admin-done-pause-detail = Open trades stay guarded; exits work.
admin-done-resume = ✅ New entries are open again
admin-done-broadcast = ✅ On its way to { $count ->
    [one] 1 person
   *[other] { $people } people
}
broadcast-title = 📣 { $text }
misread-missing_text = ✕ What should the message say?
    Write: /admin broadcast TEXT

share-title = 🖼 Where should card #{ $number } go?
share-detail = In a group or server where I am, type:
share-line = { $line }
share-your-group = your group
share-shown = 🖼 Shown in { $place }.
share-refused = ✕ I may not write in { $place }.
share-failed = ✕ Not shown in { $place }: Telegram
    did not answer. Choose it once more.
