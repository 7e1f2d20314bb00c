"""Every sentence a resident can read.

Plain words, the result first, no blame, a way on at the end; digits for numbers
and bare phone numbers, so that a phone makes them tappable.
"""

WELCOME = (
    "欢迎来到云桥。有政策想问、遇到难处、跟人扯皮，都可以直接打字或发语音告诉我。\n"
    "先由机器人答，需要时有社工接手。\n"
    "急事请打：110 报警，120 急救。\n"
    "我们怎么用您的信息，回“隐私”看；不同意回“不同意”，照样可以问政策。"
)
WELCOME_BACK = "您好，又见面了。有事直接打字或发语音告诉我，找人回“人工”。"
GREETING = (
    "您好，我是云桥的机器人。您想问什么政策，或者遇到什么难处，直接说就行。\n找社工回“人工”。"
)
THANKS = "不用谢。以后有事再来，随时都在。"
OUT_OF_SCOPE = (
    "这个我帮不上。我能答的是工钱、看病、上学、户口、低保、土地、家里的事这些政策，"
    "也能帮您找社工。\n您有这方面的事吗？找社工回“人工”。"
)
SAY_MORE = (
    "我在听。请再说一两句：出了什么事，或者想问哪样政策。比如“老板三个月没发工资”。\n"
    "打字、发语音都行。找社工回“人工”。"
)
NOTHING_SAID = "没看懂这条。请用几句话说说您的事，打字或发语音都行。找社工回“人工”。"
MACHINE_LINE = "机器人答复，以当地部门为准。有用回1，没用回2，找人回“人工”"
MACHINE_LINE_OTHERS = "机器人答复，以当地部门为准。您还问了别的，回{numbers}接着看。找人回“人工”"
MACHINE_LINE_MATTER = (
    "机器人答复，以当地部门为准。有用回1，没用回2。\n您说的这件事，要社工接手帮您处理，回3"
)
USEFUL_NOTED = "谢谢，记下了。还有别的事就接着说。"
USELESS_NOTED = "记下了，没帮上您。换个说法再问一次，或者回“人工”找社工。"

PLACE_RULE = "这是{place}的规定。"
PLACE_RULE_GENERAL = "这是{place}的规定，各地可能不同。"
WHOLE_COUNTRY = "全国"
AREA_ASK = (
    "这件事各地的规定不一样。您住在哪个县、哪个区？回地名就行，比如“官渡”。\n不方便说就回1。"
)
AREA_ASK_AGAIN = "没认出这个地方。请回县或区的名字，比如“官渡”。不方便说就回1。"
AREA_CHANGE = "您现在住在哪个县、哪个区？回地名就行，比如“官渡”。"
AREA_SET = "好，记下了：您在{place}。以后按那里的规定答您。搬了家就告诉我，或者回“改地区”。"

PLACE_HEARD = (
    "{place}，晓得了。您想问什么事？打字、发语音都行。\n"
    "您要是住在那里，回“我住{place}”，以后按那里的规定答您。"
)

OFFER_HEAD = "我不太确定您问的是哪个，请回数字："
OFFER_SEVERAL = "您问了不止一件事，先看哪一件？请回数字："
OFFER_THERE = "{place}，晓得了。您问的是下面哪个，请回数字："
PASSAGE_HEAD = "这个我没有现成的答案，文件原文里可能写到了。要看哪一条，请回数字："
PASSAGE_CHOICE = "看政策原文：{cited}"
PASSAGE = (
    "政策原文，{cited}：\n{text}\n这是文件原话，您的情况符不符合，由当地部门看。找社工回“人工”。"
)
OFFER_BESIDE = "下面这些也许用得上，想看就回数字："
OFFER_NONE = "都不是，找社工"
OFFER_WHICH = "请回上面的数字，{first} 到 {last}。都不是就回“人工”，也可以重新说一遍。"

WHICH_MATTER = "您问的是哪件事？请说全一点，比如“低保几天能办好”。找社工回“人工”。"
FOLLOW_UP_QUOTE = "还是刚才那件事（{question}），答案里是这样说的：\n{quote}"
FOLLOW_UP_CONDITION = (
    "还是刚才那件事（{question}），答案里说到这种情况的是：\n{quote}\n"
    "您的情况符不符合，由当地部门看。"
)
FOLLOW_UP_NOT_SAID = "这一点，刚才那条（{question}）里没有写，我不敢乱说。"
FOLLOW_UP_UNSURE = "这一点，刚才那条（{question}）里没找到明白的话，我不敢乱说。"
FOLLOW_UP_OFFER = "刚才那条（{question}）里没有写。您想问的是不是下面这个，请回数字："
FOLLOW_UP_ASK_THERE = "可以打 {phones} 问。"
FOLLOW_UP_PHONES = "还是刚才那件事（{question}），可以打 {phones}。"
FOLLOW_UP_PERSON = "要社工帮您问清楚，回1。"
PERSON_ON_ONE = "好的。要社工帮您问，回1；不用就不用管。"

TICKET_OPENED = (
    "收到了，已经登记，编号 {number}。\n社工会在{promise}前联系您。\n"
    "您可以继续补充：人在哪里、多少人、从哪天开始、有没有字据或照片。"
)
TICKET_URGENT = (
    "收到了，这事急，已经登记，编号 {number}。\n社工会在{promise}前联系您。\n"
    "等不及可打 12345；有人受伤或有危险，马上打 110 或 120。"
)
TICKET_ADDED = "记下了，加到编号 {number} 里，社工会看到。还有要补充的就接着发。"
TICKET_QUESTION = "您问的那一点，社工也会一起看、一起答您。"
TICKET_COMPLAINT = (
    "对不住，没做好。您说的已经登记，编号 {number}，另外的人会来看，{promise}前回您。"
)
HANDOFF = (
    "好的，给您找社工。编号 {number}，{promise}前回您。\n"
    "等的时候可以先把事情说一说，社工一来就能接着办。"
)
DECLINE = (
    "这个我没有可靠的答案，不敢乱说。\n已经转给社工，编号 {number}，{promise}前回您。\n"
    "等不及可打 12345。"
)
OFF_HOURS = "现在是下班时间，社工{opens}开始回。要是有人受伤或有危险，请马上打 110 或 120。"

STATUS = {
    "triage": "编号 {number} 已登记，正在找合适的社工，{promise}前回您。",
    "dispatched": "编号 {number} 已交给社工{name}，{promise}前回您。",
    "in_progress": "编号 {number} 社工{name}正在办。有新情况会马上告诉您。",
    "waiting_resident": "编号 {number} 社工{name}在等您补充。您可以现在就发过来。",
    "waiting_partner": "编号 {number} 社工{name}请了别的单位一起办，正在等他们回话。",
    "resolved": "编号 {number} 已办：{outcome}\n解决了回1，没解决回2。",
    "closed": "编号 {number} 已经办结。没办好回“没解决”，我们接着办；还有别的事就接着说。",
    "merged": "编号 {number} 和另一件是同一件事，合在一起办。有结果会告诉您。",
}
STATUS_NONE = "您现在没有登记的事。遇到难处直接说，或者回“人工”找社工。"
WITHDRAWN = "好的，编号 {number} 已撤销。以后有需要再说。"
WITHDRAW_NONE = "您现在没有正在办的事，不用撤销。"
WITHDRAW_SURE = "您要撤销编号 {number} 吗？撤销回1，不撤销回2。"
WITHDRAW_KEPT = "好的，编号 {number} 接着办。"

PERSON_TAKES_OVER = "我是社工{name}，接着由我来帮您。"
PERSON_SIGNS = "{text}\n——社工{name}"
PERSON_SENDS = {
    "image": "给您发一张图片，请看下面。",
    "voice": "给您发一段语音，请听下面。",
    "video": "给您发一段视频，请看下面。",
}
NEW_REPLY = "您有一条新答复，请点开回复任意字查看"
"""At most 20 characters: a template's field takes no more; and nothing of what it is about."""
OUTCOME = "您的事（编号 {number}）办好了：{outcome}\n解决了回1，没解决回2。没回之前我们不算办好。"
RATED_SOLVED = "好，解决了就好。编号 {number} 办结。以后有事再来。"
RATED_UNSOLVED = "知道了，没解决。编号 {number} 接着办，社工会再联系您。"
OUTCOME_WHICH = "编号 {number} 解决了吗？解决了回1，没解决回2。"
OUTCOME_JOINT = "您的事（编号 {number}）和另一件是同一件，一起办了：{outcome}\n没解决回“没解决”。"
CLOSED_NOT_SOLVED = (
    "编号 {number} 我们能做的到这里：{reason}\n这件事归谁管：{responsible}\n您还可以：{way_on}\n"
    "不同意，或者有新情况，回“没解决”，我们接着办。"
)
CLOSED_NOT_ACCEPTED = (
    "编号 {number} 这件事我们办不了：{reason}\n归谁管：{responsible}\n您可以：{way_on}\n"
    "不同意，或者有新情况，回“没解决”，我们再看。"
)
CLOSED_REFERRED = (
    "编号 {number} 这件事归别处管：{reason}\n找谁：{responsible}\n怎么办：{way_on}\n"
    "去了没人管，或者有新情况，回“没解决”，我们接着办。"
)
EXTENDED = (
    "编号 {number} 还要多些时间：{reason}\n最晚{promise}前给您结果。有急事、有新情况，直接回我们。"
)
PARTNER_ASKED = "编号 {number} 请了{partner}一起办，我们一直在跟。有消息马上告诉您。"
TAKEN_UP_AGAIN = "知道了，没解决。编号 {number} 接着办，社工会在{promise}前再联系您。"
FOLLOWED_UP = (
    "编号 {before} 办结已经很久，给您新登记了一件，编号 {number}，接着原来的事办。\n"
    "社工会在{promise}前联系您。"
)
RIGHTS = "记好这个日子：{name}，最晚{date}（{law}）。{after}。"
RIGHTS_WARNING = (
    "编号 {number} 有个日子快到了：{date}是法律定的最后一天，过了就难再要。"
    "社工会帮您，请这几天留意消息；拿不准可打 12333 或法律援助 12348。"
)
WITHDRAW_CRISIS = (
    "好，记下了。人平安最要紧，值班社工会先跟您说上一句话，再撤销编号 {number}。"
    "有危险马上打 110 或 120。"
)
REMINDER = "编号 {number} 还没等到您的消息。需要接着办就回一句，不需要回“撤销”。"

MEDIA_SAVED = "收到了。请再用一两句话说说是什么事，我好帮您找对人。"
VOICE_UNHEARD = (
    "语音收到了，机器还听不懂，已转给社工听，编号 {number}，{promise}前回您。急事请打 110 或 120。"
)
MEDIA_ADDED = "收到了，加到编号 {number} 里，社工会看到。"
LOCATION_SAVED = "位置收到了。请再说说是什么事。"
LANGUAGE = (
    "我们看到了您的消息。机器人只懂汉语普通话，已经转给社工，编号 {number}，{promise}前回您。\n"
    "急事请打 110 或 120。"
)

CRISIS_SELF_HARM = (
    "谢谢您肯说出来，这会儿一定很难受。\n"
    "喝了药、吃了药或受了伤，马上打 120。先到有人的地方，别一个人待着。\n"
    "想有人听，打 12356，心理援助，一直有人。说的是别人，先陪着他，马上打 110。\n"
    "我们的值班社工正在联系您，您愿意的话，回一句您在哪里。"
)
CRISIS_VIOLENCE = (
    "马上打 110。能走就去邻居家或有人的地方，走不了就锁好门、别开。受伤打 120。\n"
    "妇女维权可打 12338。\n"
    "值班社工已经收到，会马上联系您。您现在安全吗？回 1 安全，回 2 不安全。"
)
CRISIS_CHILD = (
    "先让孩子离开那个人，到安全的地方，马上打 110。受伤打 120。\n"
    "青少年求助可打 12355。要是有人碰过孩子的身子，先不要洗澡、不要换洗衣服，留着证据。\n"
    "值班社工已经收到，会马上联系您。孩子现在安全吗？回 1 安全，回 2 不安全。"
)
CRISIS_SEXUAL = (
    "这不是您的错。先到安全的地方，马上打 110。受伤打 120。\n"
    "先不要洗澡、不要洗衣服，证据要留着。妇女维权可打 12338。\n"
    "值班社工已经收到，会马上联系您。您现在安全吗？回 1 安全，回 2 不安全。"
)
CRISIS_MISSING = (
    "马上打 110 报警，不用等 24 小时。说清楚：姓名、年纪、穿什么、在哪里不见的。\n"
    "把照片准备好给警察。\n"
    "值班社工已经收到，会马上联系您。请回一句：人在哪里不见的。"
)
CRISIS_CONFINED = (
    "能打电话就马上打 110，说清楚在哪里、被什么人关着。受伤打 120。\n"
    "不方便说话就把位置发给家里人或警察。\n"
    "值班社工已经收到，会马上联系您。请回一句：人在哪里。"
)
CRISIS_THREAT = (
    "先别动手，离开那里，到有人的地方。有人要伤人、有人在高处，马上打 110，受伤打 120。\n"
    "工钱可以要，12333 管这个事，命只有一条。\n"
    "值班社工已经收到，会马上联系您。请回一句：您在哪里。"
)
CRISIS_MEDICAL = (
    "马上打 120，说清楚在哪里、人怎么样了。着火、有人被困或落水打 119。\n"
    "听电话里的人说怎么做，别乱喂水喂药，身边留一个人。\n"
    "值班社工已经收到，会马上联系您。请回一句：人在哪里。"
)
CRISIS_OTHER = (
    "有危险马上打 110，受伤或生病打 120。先到有人的、安全的地方。\n"
    "心里难受可打 12356。\n"
    "值班社工已经收到，会马上联系您。请回一句：您在哪里。"
)
WAY_OUT = (
    "要是您或身边的人有危险，或者心里实在难受，发“救命”两个字，马上转给值班社工。"
    "也可以打 110、120，心里难受打 12356。"
)
CRISIS_MORE = "记下了，值班社工看得到，编号 {number}。\n有危险马上打 110，受伤或生病打 120。"
CRISIS_NUMBER = "编号 {number}"
SAFE_NOTED = "知道了，您先在安全的地方待着。值班社工会联系您。情况变了马上打 110。"
UNSAFE_NOTED = "马上打 110。能走就先走到有人的地方。值班社工已经知道，正在联系您。"

# On paper
POSTER_TITLE = "{service}：{place}"
POSTER_FOR = "有政策想问，有难处要帮，跟人有纠纷，都可以找我们"
POSTER_STEPS = (
    "1  打开微信扫这个码，点“关注”",
    "2  像平常说话一样打字，或者发语音",
    "3  想找人帮，就发两个字：人工",
)
POSTER_DANGER = "急事别等：报警 110，急救 120"
POSTER_SMALL = "不收一分钱。机器人先答，社工接着帮。您说的话我们保密。"
