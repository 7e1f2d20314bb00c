"""What residents read about what we keep of them: notice, consent, their rights."""

PRIVACY_VERSION = "2026-12"  # of what the next text promises
PRIVACY = (
    "您发来的话只给负责您这件事的社工看，用来帮您办事。\n"
    "我们不知道您的微信号和真名，您不说我们就不问。\n"
    "要给别的单位看，要记病情、钱这些私密的事，都先问您。有人命危险时先救人。\n"
    "不会卖给别人，也不会拿去做广告。\n"
    "办完的事留三年，没办事的话留半年，取消关注的留一个月，到时候自动删。\n"
    "想看、想改、想删，回“我的信息”。同意回“同意”，不同意回“不同意”。"
)
CONSENT_YES = "好的，记下了。有事直接说就行。"
CONSENT_NO = (
    "好的，记下了。政策照样可以问，您问的话一天后就删掉。\n"
    "要社工帮您办事，就得留着您说的这件事；到时候您再说。有危险时我们照样帮您。"
)
MY_INFORMATION = (
    "我们这里有您的：\n"
    "{since}以来发来的话 {messages} 条，图片和语音 {files} 个\n"
    "登记的事：{tickets}\n住的地方：{place}\n"
    "要改回“更正我的信息”，要删回“删除我的信息”，谁看过回“谁看过我的信息”。"
)
LOOKED = "看过您的事的人：\n{rows}\n觉得不对，回“人工”告诉我们。"
LOOKED_ROW = "社工{name}，{times} 次，最近 {day}"
LOOKED_NONE = "还没有人看过您登记的事。"
CORRECT_ASK = "哪里写错了，对的是什么？请写在下一条里。"
CORRECT_NOTED = "记下了，{days} 天内改，改好告诉您。"
ERASE_LIVE = "您还有没办完的事（编号 {number}）。等办完，或者先回“撤销”，再来删。"
ERASE_SURE = (
    "删了以后，您说过的话、发过的图、办过的事都不留，编号也查不了，找不回来。\n"
    "真的要删回1，不删回2。"
)
ERASE_NOTED = (
    "好，记下了，{days} 天内删完，备份里的再过 {backup_days} 天也没了。\n"
    "删完我们就不认得您了。改主意了回“不删了”。"
)
ERASE_KEPT = "好，都留着。"
DATA_DONE = "您说要改的信息，改好了：{answer}"
DATA_REFUSED = "您提的信息的事没能照办：{answer}\n有意见回“人工”。"
