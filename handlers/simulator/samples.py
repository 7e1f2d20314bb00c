"""Three residents and a caseworker, each with a story ready to send; all is invented."""

from handlers.simulator.model import Resident

RESIDENTS = (
    Resident(
        openid="oYunqiaoDemoXiaoLi0000000001",
        name="小李",
        about="19岁，昭通人，在昆明工地绑钢筋，工钱没结。",
        colour="1",
        story=(
            "工地老板跑了 工钱要找哪个要",
            "我在昆明官渡一个工地绑钢筋 干了三个月 包工头欠我们8个人12万多 电话也打不通了",
            "没有签合同 只有记工的本子和聊天记录 这个算不算证据",
            "人工",
            "我的工单到哪一步了",
        ),
    ),
    Resident(
        openid="oYunqiaoDemoYangNaiNai000002",
        name="杨奶奶",
        about="67岁，在镇雄乡下带两个孙子，儿子儿媳在外打工。",
        colour="2",
        story=(
            "我领着两个孙孙 爹妈都在外头打工 有没得哪样补助",
            "娃娃在城里头读书要哪样材料",
            "我腿疼走不动 看病钱咋个报",
            "村里低保把我家取消了 我想不通",
            "谢谢你了",
        ),
    ),
    Resident(
        openid="oYunqiaoDemoAYi0000000000003",
        name="阿依",
        about="22岁，带着一岁的孩子搬进安置点，在读成人大专。",
        colour="3",
        story=(
            "搬到安置房了 老家的地还算我家的吗",
            "楼上天天半夜吵 娃娃睡不着 说了也不听",
            "他昨晚又打我了 我不敢回家",
            "不想活了",
            "我想问读大专有没有助学金",
        ),
    ),
    Resident(
        openid="oYunqiaoDemoSheGong000000004",
        name="杨梅",
        about="社工。在社工台“我的”→“提醒方式”出绑定码，用这部手机扫，就在微信里接单、回话。",
        colour="4",
        story=("帮助", "我的", "上班", "下班", "我是居民", "我是社工"),
    ),
)

NEW_NAME = "新居民{number}"
NEW_ABOUT = "刚关注，还没说过话。"
