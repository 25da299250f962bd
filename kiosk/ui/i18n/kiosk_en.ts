<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="zh_CN">
<context>
    <name>CardPane</name>
    <message>
        <source>读到了，正在查找…</source>
        <translation>Got it, looking…</translation>
    </message>
    <message>
        <source>读卡器现在不能用</source>
        <translation>The card reader does not work just now</translation>
    </message>
    <message>
        <source>请把身份证平放在读卡器上</source>
        <translation>Please lay your ID card flat on the reader</translation>
    </message>
    <message>
        <source>放好后不要移动，读到后会自动往下走。</source>
        <translation>Leave it there; the screen goes on by itself once the card is read.</translation>
    </message>
    <message>
        <source>港澳台居民居住证、外国人永久居留证也可以。</source>
        <translation>Residence permits (Hong Kong, Macao, Taiwan) and permanent resident cards of foreigners work too.</translation>
    </message>
    <message>
        <source>只用姓名、号码和有效期找预约；同意刷脸后才用芯片里的照片。</source>
        <translation>Only name, number and validity are used to find the booking; the photo on the chip only once you agree to the face check.</translation>
    </message>
</context>
<context>
    <name>ChooseScreen</name>
    <message>
        <source>您要考哪一科？</source>
        <translation>Which exam do you sit?</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>请选择今天要考的科目</source>
        <translation>Please choose today's subject</translation>
    </message>
    <message>
        <source>%1（补考）</source>
        <translation>%1 (make-up)</translation>
    </message>
</context>
<context>
    <name>ConfirmScreen</name>
    <message>
        <source>请确认您的信息</source>
        <translation>Please check your details</translation>
    </message>
    <message>
        <source>不是我，退出</source>
        <translation>Not me, leave</translation>
    </message>
    <message>
        <source>都对，继续</source>
        <translation>All correct, go on</translation>
    </message>
    <message>
        <source>%1，您好，请核对</source>
        <translation>Hello %1, please check</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>证件号</source>
        <translation>Document</translation>
    </message>
    <message>
        <source>科目</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>座位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>信息不对请选“不是我，退出”，再重新查找预约。</source>
        <translation>If something is wrong, choose &quot;Not me, leave&quot; and look up the booking again.</translation>
    </message>
    <message>
        <source>撤回刷脸同意，考试不拍摄</source>
        <translation>Withdraw consent, no filming</translation>
    </message>
</context>
<context>
    <name>ConnectingScreen</name>
    <message>
        <source>考试机</source>
        <translation>Exam machine</translation>
    </message>
    <message>
        <source>正在连接考试服务器</source>
        <translation>Connecting to the exam server</translation>
    </message>
    <message>
        <source>请稍等，连上以后会自动打开。一直连不上的话，请换一台机器。</source>
        <translation>Please wait, it opens by itself. If it takes long, please use another machine.</translation>
    </message>
</context>
<context>
    <name>ConsentScreen</name>
    <message>
        <source>刷脸前，请您决定</source>
        <translation>Face check: you decide</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>不刷脸，转人工核对</source>
        <translation>No face check, ask a person</translation>
    </message>
    <message>
        <source>同意刷脸核对</source>
        <translation>Agree to the face check</translation>
    </message>
    <message>
        <source>用人脸核对是不是您本人，可以吗？</source>
        <translation>May we check your identity by your face?</translation>
    </message>
    <message>
        <source>两种方式都可以入场，都不影响考试和成绩。</source>
        <translation>Both ways let you in. Neither affects your exam or result.</translation>
    </message>
    <message>
        <source>告知书版本 %1</source>
        <translation>Notice version %1</translation>
    </message>
</context>
<context>
    <name>DirectionsScreen</name>
    <message>
        <source>给您指路</source>
        <translation>Where to go</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>I see</translation>
    </message>
    <message>
        <source>您来早了，%1 起可以入场</source>
        <translation>You are early: entry opens at %1</translation>
    </message>
    <message>
        <source>这一场的入场时间已过</source>
        <translation>Entry for this session has closed</translation>
    </message>
    <message>
        <source>您的座位在 %1 %2</source>
        <translation>Your seat is %1 %2</translation>
    </message>
    <message>
        <source>现在不能直接入座</source>
        <translation>You cannot be seated right now</translation>
    </message>
    <message>
        <source>没有找到今天的预约</source>
        <translation>No booking found for today</translation>
    </message>
    <message>
        <source>请先在等候区休息，到时间再来这台机器入场。</source>
        <translation>Please rest in the waiting area and come back to this machine then.</translation>
    </message>
    <message>
        <source>这里不是您的座位。请到 %1 %2 的机器前，再出示一次预约码。</source>
        <translation>This is not your seat. Please go to the machine at %1 %2 and show your code again.</translation>
    </message>
    <message>
        <source>请核对证件号和手机号后四位。没有考试资格的，请先联系您的培训单位；也可以用手机预约别的时间。</source>
        <translation>Please check the document number and the end of the phone number. If you are not yet entitled to sit, ask your training provider; or book another time on your phone.</translation>
    </message>
    <message>
        <source>请核对预约码或证件号，再试一次。没有预约的，可以返回后选“没有预约”。</source>
        <translation>Please check the code or number and try again. Without a booking, go back and choose &quot;No booking&quot;.</translation>
    </message>
    <message>
        <source>考生</source>
        <translation>Candidate</translation>
    </message>
    <message>
        <source>科目</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Hall</translation>
    </message>
    <message>
        <source>座位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>开考</source>
        <translation>Starts</translation>
    </message>
    <message>
        <source>%1 以后不能再入场。请用手机重新预约。</source>
        <translation>Entry closed at %1. Please book another time on your phone.</translation>
    </message>
</context>
<context>
    <name>FaceAside</name>
    <message>
        <source>请看着屏幕</source>
        <translation>Please look at the screen</translation>
    </message>
    <message>
        <source>大约几秒钟。画面只用于核对是不是您本人，核对后按规定时间删除。</source>
        <translation>A few seconds. The pictures only serve to check that it is you and are deleted on schedule.</translation>
    </message>
    <message>
        <source>找到您的脸</source>
        <translation>Find your face</translation>
    </message>
    <message>
        <source>光线与距离合适</source>
        <translation>Light and distance are right</translation>
    </message>
    <message>
        <source>保持不动</source>
        <translation>Hold still</translation>
    </message>
    <message>
        <source>与预约照片比对</source>
        <translation>Compare with your booking photo</translation>
    </message>
    <message>
        <source>照着屏幕做动作</source>
        <translation>Do as the screen asks</translation>
    </message>
    <message>
        <source>大约十几秒。会请您做一两个简单动作，只为确认镜头前是您本人。画面按规定时间删除。</source>
        <translation>Ten to twenty seconds. You will be asked for one or two simple movements, to make sure that it is you in front of the camera. Pictures are deleted on schedule.</translation>
    </message>
    <message>
        <source>也可以由远程监考员核对，不影响考试；不刷脸就不拍摄。</source>
        <translation>The remote invigilator can check you instead; it makes no difference to your exam. Without the face check nothing is filmed.</translation>
    </message>
    <message>
        <source>总是不成功</source>
        <translation>It does not work</translation>
    </message>
    <message>
        <source>不刷脸</source>
        <translation>No face check</translation>
    </message>
</context>
<context>
    <name>FaceScreen</name>
    <message>
        <source>核对身份</source>
        <translation>Identity check</translation>
    </message>
    <message>
        <source>好了，正在比对</source>
        <translation>Good, comparing now</translation>
    </message>
    <message>
        <source>刚才没看清，我们再来一次</source>
        <translation>That was not clear, let us try again</translation>
    </message>
    <message>
        <source>第 %1 步，共 4 步</source>
        <translation>Step %1 of 4</translation>
    </message>
    <message>
        <source>马上再来一次</source>
        <translation>Another try in a moment</translation>
    </message>
    <message>
        <source>请看着这里，马上就好</source>
        <translation>Please look here, almost done</translation>
    </message>
</context>
<context>
    <name>FindScreen</name>
    <message>
        <source>放身份证</source>
        <translation>ID card</translation>
    </message>
    <message>
        <source>找到您的预约</source>
        <translation>Find your booking</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>正在查找…</source>
        <translation>Looking…</translation>
    </message>
    <message>
        <source>查找预约</source>
        <translation>Find booking</translation>
    </message>
    <message>
        <source>扫描二维码</source>
        <translation>Scan QR code</translation>
    </message>
    <message>
        <source>输入预约码</source>
        <translation>Enter booking code</translation>
    </message>
    <message>
        <source>输入证件号</source>
        <translation>Enter ID number</translation>
    </message>
</context>
<context>
    <name>InstructionsScreen</name>
    <message>
        <source>考试说明</source>
        <translation>About this exam</translation>
    </message>
    <message>
        <source>退出</source>
        <translation>Leave</translation>
    </message>
    <message>
        <source>正在取试卷…</source>
        <translation>Fetching the paper…</translation>
    </message>
    <message>
        <source>开始考试</source>
        <translation>Start the exam</translation>
    </message>
    <message>
        <source>按“开始考试”后开始计时。</source>
        <translation>The clock starts when you press &quot;Start the exam&quot;.</translation>
    </message>
    <message>
        <source>题量</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>%1 题，满分 %2 分，%3 分合格</source>
        <translation>%1 items, %2 points, pass from %3</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>%1 分钟，时间到自动交卷</source>
        <translation>%1 minutes, then handed in automatically</translation>
    </message>
    <message>
        <source>答案</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>多选题</source>
        <translation>Multiple choice</translation>
    </message>
    <message>
        <source>全部选对才得分，多选、少选、错选都不得分</source>
        <translation>Scores only when exactly the right options are chosen</translation>
    </message>
    <message>
        <source>离场</source>
        <translation>Leaving</translation>
    </message>
    <message>
        <source>开考 %1 分钟以后才能交卷</source>
        <translation>You can hand in after the first %1 minutes</translation>
    </message>
    <message>
        <source>答完就可以交卷</source>
        <translation>You can hand in when you are done</translation>
    </message>
    <message>
        <source>选好就自动保存，断网也能继续答，随时可以改</source>
        <translation>Saved as you choose, also without network; change them any time</translation>
    </message>
    <message>
        <source>取消预约，改天再考</source>
        <translation>Cancel, sit it another day</translation>
    </message>
    <message>
        <source>再按一次，确认取消预约</source>
        <translation>Press again to cancel</translation>
    </message>
    <message>
        <source>这个座位后面有别人的预约，现在开始只有 %1 分钟（全部时间是 %2 分钟）。可以取消预约改天再考，不占用考试次数；也可以现在开始。</source>
        <translation>Somebody else has booked this seat afterwards: if you begin now you have only %1 minutes (the whole time is %2). You may cancel and sit it another day, which uses no attempt, or begin now.</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>删除</source>
        <translation>Del</translation>
    </message>
</context>
<context>
    <name>MapCell</name>
    <message>
        <source>第 %1 题，当前</source>
        <translation>Item %1, current</translation>
    </message>
    <message>
        <source>第 %1 题，已答</source>
        <translation>Item %1, answered</translation>
    </message>
    <message>
        <source>第 %1 题，未答</source>
        <translation>Item %1, open</translation>
    </message>
    <message>
        <source>，有标记</source>
        <translation>, flagged</translation>
    </message>
</context>
<context>
    <name>MapLegend</name>
    <message>
        <source>当前</source>
        <translation>Current</translation>
    </message>
    <message>
        <source>已答</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>未答</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>标记</source>
        <translation>Flagged</translation>
    </message>
</context>
<context>
    <name>MapScreen</name>
    <message>
        <source>全部题目</source>
        <translation>All items</translation>
    </message>
    <message>
        <source>返回试卷</source>
        <translation>Back to the paper</translation>
    </message>
    <message>
        <source>检查并交卷</source>
        <translation>Review and hand in</translation>
    </message>
    <message>
        <source>已答 %1，未答 %2，标记 %3</source>
        <translation>Answered %1, open %2, flagged %3</translation>
    </message>
</context>
<context>
    <name>OptionRow</name>
    <message>
        <source>✓ 已选</source>
        <translation>✓ Chosen</translation>
    </message>
</context>
<context>
    <name>PaperItem</name>
    <message>
        <source>⤢ 放大图表</source>
        <translation>⤢ Enlarge</translation>
    </message>
    <message>
        <source>第 %1 题 / 共 %2 题 · %3 分</source>
        <translation>Item %1 of %2 · points: %3</translation>
    </message>
    <message>
        <source> · 可多选</source>
        <translation> · choose one or more</translation>
    </message>
</context>
<context>
    <name>PaperScreen</name>
    <message>
        <source>%1 · 理论考试</source>
        <translation>%1 · Theory exam</translation>
    </message>
    <message>
        <source>%1 · 座位 %2</source>
        <translation>%1 · Seat %2</translation>
    </message>
    <message>
        <source>‹ 上一题</source>
        <translation>‹ Previous</translation>
    </message>
    <message>
        <source>⚑ 取消标记</source>
        <translation>⚑ Unflag</translation>
    </message>
    <message>
        <source>⚑ 标记此题</source>
        <translation>⚑ Flag</translation>
    </message>
    <message>
        <source>检查并交卷</source>
        <translation>Review and hand in</translation>
    </message>
    <message>
        <source>检查并交卷 ›</source>
        <translation>Review and hand in ›</translation>
    </message>
    <message>
        <source>下一题 ›</source>
        <translation>Next ›</translation>
    </message>
</context>
<context>
    <name>PaperSide</name>
    <message>
        <source>剩余时间</source>
        <translation>Time left</translation>
    </message>
    <message>
        <source>已答</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>未答</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>标记</source>
        <translation>Flagged</translation>
    </message>
    <message>
        <source>全部题目</source>
        <translation>All items</translation>
    </message>
</context>
<context>
    <name>ProctorLayer</name>
    <message>
        <source>考试已暂停</source>
        <translation>The exam is paused</translation>
    </message>
    <message>
        <source>请注意</source>
        <translation>Please note</translation>
    </message>
    <message>
        <source>远程监考员正在查看，请留在座位上。您的答案已经保存，暂停的时间会补给您。</source>
        <translation>The remote invigilator is having a look; please stay in your seat. Your answers are saved and the time will be given back to you.</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>Understood</translation>
    </message>
</context>
<context>
    <name>RefusedScreen</name>
    <message>
        <source>人工核对</source>
        <translation>Check by a person</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>I see</translation>
    </message>
    <message>
        <source>这次没有通过身份核对</source>
        <translation>Your identity could not be confirmed this time</translation>
    </message>
    <message>
        <source>监考员说明：%1</source>
        <translation>The invigilator says: %1</translation>
    </message>
    <message>
        <source>没有写明原因</source>
        <translation>no reason given</translation>
    </message>
    <message>
        <source>现在可以</source>
        <translation>You can now</translation>
    </message>
    <message>
        <source>有不同意见</source>
        <translation>If you disagree</translation>
    </message>
    <message>
        <source>请向您报名的单位或考试机构提出</source>
        <translation>please tell the body where you enrolled or the exam authority</translation>
    </message>
    <message>
        <source>没有等到监考员，很抱歉</source>
        <translation>No invigilator came in time; we are sorry</translation>
    </message>
    <message>
        <source>这个预约不能再用了</source>
        <translation>This booking can no longer be used</translation>
    </message>
    <message>
        <source>到预约结束时还没有人来核对您的身份。这不算缺考。</source>
        <translation>Nobody came to check your identity before the booking ended. You are not counted as absent.</translation>
    </message>
    <message>
        <source>它已经取消、改到了别的时间，或者时间已过。这不是身份核对的结果。</source>
        <translation>It was cancelled or moved, or its time is over. This is not a result of the identity check.</translation>
    </message>
    <message>
        <source>带上本人有效证件，用手机重新预约，或在首页现场报名</source>
        <translation>Book again on your phone, or walk in from the first screen; bring your own valid document</translation>
    </message>
    <message>
        <source>考试次数</source>
        <translation>Attempts</translation>
    </message>
    <message>
        <source>这次不占用考试次数</source>
        <translation>This uses no attempt</translation>
    </message>
</context>
<context>
    <name>ResultAgain</name>
    <message>
        <source>成绩已记录</source>
        <translation>Your result is recorded</translation>
    </message>
    <message>
        <source>接下来怎么办</source>
        <translation>What next</translation>
    </message>
    <message>
        <source>凭证正在生成，可以稍后在预约页面里领取。</source>
        <translation>The theory pass is being made; you can fetch it later from the booking page.</translation>
    </message>
    <message>
        <source>您还可以补考 %1 次，不收费。用手机打开预约页面，选“补考”和合适的时间就行。</source>
        <translation>Make-up attempts left: %1, free of charge. Open the booking page on your phone, choose &quot;Make-up&quot; and a time that suits you.</translation>
    </message>
    <message>
        <source>补考机会已经用完。请联系您的培训单位，重新培训后再报名。</source>
        <translation>No make-up attempt is left. Please ask your training provider about training again.</translation>
    </message>
    <message>
        <source>左边每一条是一部分的得分，短的那几条可以多看一看。</source>
        <translation>Each bar on the left is one part; the short ones are worth another look.</translation>
    </message>
    <message>
        <source>这场考试由远程监考员结束，按已答的部分评分。有不同意见，请向您报名的单位或考试机构提出。</source>
        <translation>The remote invigilator ended this exam; it was graded as far as it was answered. If you disagree, please tell the body you registered with or the examination authority.</translation>
    </message>
</context>
<context>
    <name>ResultProof</name>
    <message>
        <source>理论成绩凭证</source>
        <translation>Theory pass</translation>
    </message>
    <message>
        <source>理论成绩凭证二维码</source>
        <translation>QR code of the theory pass</translation>
    </message>
    <message>
        <source>用手机拍下或扫码保存，任何人都可以离线核验。</source>
        <translation>Photograph or scan it to keep it. Anyone can verify it offline.</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>成绩有效期至 %1（含当日），请在此期间参加实操考试。</source>
        <translation>Valid through %1; take the practical exam by then.</translation>
    </message>
    <message>
        <source>凭证编号 %1</source>
        <translation>Pass number %1</translation>
    </message>
    <message>
        <source>理论成绩凭证不是上岗证。</source>
        <translation>A theory pass is not a permission to work.</translation>
    </message>
</context>
<context>
    <name>ResultScore</name>
    <message>
        <source>✓ 合格</source>
        <translation>✓ Passed</translation>
    </message>
    <message>
        <source>这次没有合格</source>
        <translation>Not passed this time</translation>
    </message>
    <message>
        <source>/ %1 分，%2 分合格</source>
        <translation>/ %1 points, pass from %2</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
</context>
<context>
    <name>ResultScreen</name>
    <message>
        <source>考试结束</source>
        <translation>Exam finished</translation>
    </message>
    <message>
        <source>%1 秒后自动退出</source>
        <translation>Closes in %1 s</translation>
    </message>
    <message>
        <source>完成</source>
        <translation>Done</translation>
    </message>
</context>
<context>
    <name>ReviewScreen</name>
    <message>
        <source>正在保存…</source>
        <translation>Saving…</translation>
    </message>
    <message>
        <source>检查并交卷</source>
        <translation>Review and hand in</translation>
    </message>
    <message>
        <source>剩余 %1</source>
        <translation>Left %1</translation>
    </message>
    <message>
        <source>不答了，确认交卷</source>
        <translation>Hand in anyway</translation>
    </message>
    <message>
        <source>确认交卷</source>
        <translation>Hand in now</translation>
    </message>
    <message>
        <source>还有 %1 题没有答</source>
        <translation>Items still open: %1</translation>
    </message>
    <message>
        <source>%1 题都答了</source>
        <translation>All %1 items answered</translation>
    </message>
    <message>
        <source>按考场规定，%1 分钟以后才能交卷。您可以再检查一遍。</source>
        <translation>By the house rules you can hand in after %1 more minutes. You may check once more.</translation>
    </message>
    <message>
        <source>交卷以后不能再改。时间还够，可以再检查一遍。</source>
        <translation>After handing in nothing can be changed. You may check once more.</translation>
    </message>
    <message>
        <source>已答</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>%1 题</source>
        <translation>%1</translation>
    </message>
    <message>
        <source>未答</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>标记</source>
        <translation>Flagged</translation>
    </message>
    <message>
        <source>保存</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>答案已保存在本机并已送达</source>
        <translation>Saved on this machine and delivered</translation>
    </message>
    <message>
        <source>已保存在本机，尚未送达</source>
        <translation>Saved on this machine, not yet delivered</translation>
    </message>
    <message>
        <source>还没有要送的答案</source>
        <translation>Nothing to deliver yet</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>全部题目</source>
        <translation>All items</translation>
    </message>
    <message>
        <source>去答未答题</source>
        <translation>First open item</translation>
    </message>
</context>
<context>
    <name>SaveState</name>
    <message>
        <source>正在保存…</source>
        <translation>Saving…</translation>
    </message>
    <message>
        <source>答案已保存在本机并已送达</source>
        <translation>Saved on this machine and delivered</translation>
    </message>
    <message>
        <source>已保存在本机，尚未送达</source>
        <translation>Saved here, not yet delivered</translation>
    </message>
    <message>
        <source>本机存不下，正在直接送往服务器</source>
        <translation>Not saved here, sending now</translation>
    </message>
    <message>
        <source>选好的答案会自动保存</source>
        <translation>Answers are saved as you choose</translation>
    </message>
</context>
<context>
    <name>ScanPane</name>
    <message>
        <source>看到了，正在查找…</source>
        <translation>Got it, looking…</translation>
    </message>
    <message>
        <source>请把预约二维码对准方框</source>
        <translation>Hold your booking QR code in the frame</translation>
    </message>
    <message>
        <source>手机离屏幕一掌远，调亮一些更容易读。</source>
        <translation>Hold the phone a hand's width away; a bright display reads better.</translation>
    </message>
    <message>
        <source>这里只读二维码：不看人脸，画面不保存。</source>
        <translation>Only the code is read: no face is looked for, no picture is kept.</translation>
    </message>
</context>
<context>
    <name>SmallMap</name>
    <message>
        <source>全部题目</source>
        <translation>All items</translation>
    </message>
</context>
<context>
    <name>Strings</name>
    <message>
        <source>身份证上的姓名和预约的不一样，请远程监考员看一看。</source>
        <translation>The name on your ID card is not the one in the booking; the remote invigilator will have a look.</translation>
    </message>
    <message>
        <source>读卡器没有接好，正在重试；请先用上面别的方式。</source>
        <translation>The card reader is not connected; we keep trying. Please use another way above.</translation>
    </message>
    <message>
        <source>读卡器没有正常应答，正在重试；请先用上面别的方式。</source>
        <translation>The card reader does not answer properly; we keep trying. Please use another way above.</translation>
    </message>
    <message>
        <source>这张证件已过有效期，请换有效的证件，或输入证件号。</source>
        <translation>This card has expired. Please use a valid one, or type the number.</translation>
    </message>
    <message>
        <source>这张证件还没到生效日期，请换有效的证件，或输入证件号。</source>
        <translation>This card is not valid yet. Please use a valid one, or type the number.</translation>
    </message>
    <message>
        <source>没有读完，请把证件拿起再放平，屏幕变了再拿走。</source>
        <translation>The card was not read to the end. Please lift it and lay it flat until the screen changes.</translation>
    </message>
    <message>
        <source>读卡器不认这张证件，请放证件原件，或输入证件号。</source>
        <translation>The reader does not accept this card. Please use the original, or type the number.</translation>
    </message>
    <message>
        <source>这种证件读不了，请输入证件号。</source>
        <translation>This kind of card cannot be read. Please type the number.</translation>
    </message>
    <message>
        <source>没有读懂这张证件，请拿起再放一次，或输入证件号。</source>
        <translation>The card could not be understood. Please lay it down again, or type the number.</translation>
    </message>
    <message>
        <source>请坐到屏幕前，继续答题。</source>
        <translation>Please sit in front of the screen and go on.</translation>
    </message>
    <message>
        <source>考试要一个人完成，请让旁边的人离开。</source>
        <translation>The exam is for one person; please ask the other to leave.</translation>
    </message>
    <message>
        <source>请正对屏幕，让摄像头看清您的脸。</source>
        <translation>Please face the screen so that the camera can see you.</translation>
    </message>
    <message>
        <source>请看着屏幕答题。</source>
        <translation>Please look at the screen.</translation>
    </message>
    <message>
        <source>请露出整张脸，正对镜头，让摄像头看清您。</source>
        <translation>Please keep your face uncovered and turned towards the camera.</translation>
    </message>
    <message>
        <source>请不要挡住屏幕上方的摄像头。</source>
        <translation>Please do not cover the camera above the screen.</translation>
    </message>
    <message>
        <source>摄像头的位置变了，请坐正，面向屏幕。</source>
        <translation>The camera has moved; please sit facing the screen.</translation>
    </message>
    <message>
        <source>摄像头的画面不动了，监考员会来查看，您可以继续答题。</source>
        <translation>The camera picture stands still; the invigilator will look into it. You can go on.</translation>
    </message>
    <message>
        <source>摄像头没有画面，监考员会来查看，您可以继续答题。</source>
        <translation>The camera gives no picture; the invigilator will look into it. You can go on.</translation>
    </message>
    <message>
        <source>摄像头的画面不动了，监考员会来查看。</source>
        <translation>The camera picture stands still; the invigilator will look into it.</translation>
    </message>
    <message>
        <source>摄像头没有画面，监考员会来查看。</source>
        <translation>The camera gives no picture; the invigilator will look into it.</translation>
    </message>
    <message>
        <source>填数题</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>填空题</source>
        <translation>Short answer</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>港澳台居民居住证</source>
        <translation>HK, Macao, Taiwan residence permit</translation>
    </message>
    <message>
        <source>外国人永久居留证</source>
        <translation>Permanent resident card</translation>
    </message>
    <message>
        <source>港澳通行证（回乡证）</source>
        <translation>HK, Macao travel permit</translation>
    </message>
    <message>
        <source>台湾通行证（台胞证）</source>
        <translation>Taiwan travel permit</translation>
    </message>
    <message>
        <source>护照</source>
        <translation>Passport</translation>
    </message>
    <message>
        <source>居民身份证</source>
        <translation>Resident ID card</translation>
    </message>
    <message>
        <source>判断题</source>
        <translation>True or false</translation>
    </message>
    <message>
        <source>多选题</source>
        <translation>Multiple choice</translation>
    </message>
    <message>
        <source>单选题</source>
        <translation>Single choice</translation>
    </message>
    <message>
        <source>号码完整，可以继续</source>
        <translation>Complete, you can go on</translation>
    </message>
    <message>
        <source>号码对不上，可能有一位按错了，请核对</source>
        <translation>A digit seems to be wrong, please check</translation>
    </message>
    <message>
        <source>号码里的出生日期不对，请核对第 7 到 14 位</source>
        <translation>The date of birth does not exist, please check digits 7 to 14</translation>
    </message>
    <message>
        <source>这不像所选证件的号码，请核对证件种类和号码</source>
        <translation>This does not fit the chosen document, please check kind and number</translation>
    </message>
    <message>
        <source>请看着屏幕</source>
        <translation>Please look at the screen</translation>
    </message>
    <message>
        <source>请站到屏幕前</source>
        <translation>Please stand in front of the screen</translation>
    </message>
    <message>
        <source>请让画面里只有您一个人</source>
        <translation>Please be alone in the picture</translation>
    </message>
    <message>
        <source>请靠近一点</source>
        <translation>Please come a little closer</translation>
    </message>
    <message>
        <source>请后退一点</source>
        <translation>Please move back a little</translation>
    </message>
    <message>
        <source>请把脸放到圈的中间</source>
        <translation>Please move your face to the middle</translation>
    </message>
    <message>
        <source>请正对屏幕</source>
        <translation>Please face the screen</translation>
    </message>
    <message>
        <source>光线有点暗，请转向亮处</source>
        <translation>A bit dark, please turn to the light</translation>
    </message>
    <message>
        <source>光线有点强，请稍微侧身避光</source>
        <translation>A bit bright, please turn from the light</translation>
    </message>
    <message>
        <source>请稍微停一下，不要动</source>
        <translation>Please hold still for a moment</translation>
    </message>
    <message>
        <source>请睁开眼睛看屏幕</source>
        <translation>Please open your eyes</translation>
    </message>
    <message>
        <source>左边光线太暗，请让光从正面照过来</source>
        <translation>Your left side is dark; let the light come from the front</translation>
    </message>
    <message>
        <source>右边光线太暗，请让光从正面照过来</source>
        <translation>Your right side is dark; let the light come from the front</translation>
    </message>
    <message>
        <source>画面发白看不清，请避开身后的窗户或灯光</source>
        <translation>The picture is pale; turn away from the window or lamp behind you</translation>
    </message>
    <message>
        <source>摄像头正在准备，请稍等几秒</source>
        <translation>The camera is getting ready; a few seconds, please</translation>
    </message>
    <message>
        <source>请摘下口罩或墨镜</source>
        <translation>Please take off mask or dark glasses</translation>
    </message>
    <message>
        <source>很好，请保持不动</source>
        <translation>Good, please hold still</translation>
    </message>
    <message>
        <source>您选择了不刷脸，由远程监考员核对，不影响考试。</source>
        <translation>You chose no face check. The remote invigilator checks; your exam stays the same.</translation>
    </message>
    <message>
        <source>这台机器现在不能刷脸比对，已转给远程监考员。</source>
        <translation>This machine cannot compare faces right now, so the remote invigilator checks.</translation>
    </message>
    <message>
        <source>用来核对的几张照片不像同一个人，已转给远程监考员。</source>
        <translation>The photos to compare with do not look like one person, so the remote invigilator checks.</translation>
    </message>
    <message>
        <source>没有可以比对的预约照片，已转给远程监考员。</source>
        <translation>There is no booking photo to compare with, so the remote invigilator checks.</translation>
    </message>
    <message>
        <source>这台机器的摄像头现在不能用，已转给远程监考员。</source>
        <translation>The camera of this machine does not work right now, so the remote invigilator checks.</translation>
    </message>
    <message>
        <source>本考场不用这个摄像头刷脸，已转给远程监考员。</source>
        <translation>This hall does not use this camera for face checks, so the remote invigilator checks.</translation>
    </message>
    <message>
        <source>机器没有把握，请远程监考员看一看。</source>
        <translation>The machine is not sure, so the remote invigilator has a look.</translation>
    </message>
    <message>
        <source>已按您的要求转给远程监考员。</source>
        <translation>As you asked, the remote invigilator checks.</translation>
    </message>
    <message>
        <source>暂时连不上考试服务器，请稍等几秒再试一次。</source>
        <translation>The exam server cannot be reached; please wait a few seconds and try again.</translation>
    </message>
    <message>
        <source>这台机器现在存不下答案，请换一个座位，或稍后再试。</source>
        <translation>This machine cannot save answers right now; please use another seat or try later.</translation>
    </message>
    <message>
        <source>没有办成（%1），请再试一次；还不行请换一台机器。</source>
        <translation>That did not work (%1). Please try again, or use another machine.</translation>
    </message>
    <message>
        <source>请慢慢向左转头</source>
        <translation>Slowly turn your head to your left</translation>
    </message>
    <message>
        <source>请慢慢向右转头</source>
        <translation>Slowly turn your head to your right</translation>
    </message>
    <message>
        <source>请点一下头</source>
        <translation>Please nod once</translation>
    </message>
    <message>
        <source>请张开嘴</source>
        <translation>Please open your mouth</translation>
    </message>
    <message>
        <source>请闭上眼睛，数一秒再睁开</source>
        <translation>Close your eyes for a second, then open them</translation>
    </message>
    <message>
        <source>很好，请看着屏幕</source>
        <translation>Good, look at the screen</translation>
    </message>
    <message>
        <source>几次都没有看清动作，请远程监考员看一看，不影响考试。</source>
        <translation>The movements could not be seen clearly. The remote invigilator will have a look; your exam stays the same.</translation>
    </message>
    <message>
        <source>监考员请您稍等一下。</source>
        <translation>The invigilator asks you to wait a moment.</translation>
    </message>
</context>
<context>
    <name>SubmittingScreen</name>
    <message>
        <source>正在交卷</source>
        <translation>Handing in</translation>
    </message>
    <message>
        <source>时间到，已自动交卷</source>
        <translation>Time is up, your paper is handed in</translation>
    </message>
    <message>
        <source>正在交卷，请稍等</source>
        <translation>Handing in, please wait</translation>
    </message>
    <message>
        <source>正在送达答案和计算成绩，几秒钟就好。</source>
        <translation>Delivering your answers and computing the result; a few seconds.</translation>
    </message>
    <message>
        <source>您的答案已全部保存在本机。现在连不上服务器，正在自动重试，连上后马上出成绩。请不要关机。</source>
        <translation>All your answers are saved on this machine. The server cannot be reached; it is tried again by itself, and your result follows at once. Please do not switch off.</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Aa 字号 %1/4</source>
        <translation>Aa Size %1/4</translation>
    </message>
    <message>
        <source>高对比</source>
        <translation>Contrast</translation>
    </message>
    <message>
        <source>深色</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>浅色</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>对比度：%1</source>
        <translation>Contrast: %1</translation>
    </message>
    <message>
        <source>不想被拍摄？</source>
        <translation>Stop filming?</translation>
    </message>
</context>
<context>
    <name>TypeChooser</name>
    <message>
        <source>换一种证件</source>
        <translation>Another document</translation>
    </message>
</context>
<context>
    <name>TypePane</name>
    <message>
        <source>%1号码</source>
        <translation>%1 number</translation>
    </message>
    <message>
        <source>预约码（在预约短信或预约页面上）</source>
        <translation>Booking code (in the message or on the booking page)</translation>
    </message>
    <message>
        <source>请用右边的键盘输入</source>
        <translation>Use the keys on the right</translation>
    </message>
    <message>
        <source>请用下面的键盘输入</source>
        <translation>Use the keys below</translation>
    </message>
</context>
<context>
    <name>WaitingScreen</name>
    <message>
        <source>人工核对</source>
        <translation>Check by a person</translation>
    </message>
    <message>
        <source>取消并离开</source>
        <translation>Cancel and leave</translation>
    </message>
    <message>
        <source>请稍等，远程监考员正在核对</source>
        <translation>Please wait, the remote invigilator is checking</translation>
    </message>
    <message>
        <source>%1
请坐在屏幕前。核对好以后，这里会自动往下走，您什么也不用按。</source>
        <translation>%1
Please stay in front of the screen. It goes on by itself, you need not press anything.</translation>
    </message>
    <message>
        <source>您等了</source>
        <translation>Waiting for</translation>
    </message>
    <message>
        <source>%1 分钟</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>接下来</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>确认您的信息，然后开始考试</source>
        <translation>check your details, then start the exam</translation>
    </message>
    <message>
        <source>考试时间</source>
        <translation>Exam time</translation>
    </message>
    <message>
        <source>从开始答题才计时，等候不占用</source>
        <translation>starts with the paper, waiting does not count</translation>
    </message>
    <message>
        <source>撤回刷脸同意，删除照片</source>
        <translation>Withdraw consent, delete my photo</translation>
    </message>
    <message>
        <source>等得久了</source>
        <translation>It takes long</translation>
    </message>
    <message>
        <source>可以请考场的工作人员催一下；一直没有人来也不算缺考</source>
        <translation>You may ask the staff of the hall to call; if nobody comes you are not counted as absent</translation>
    </message>
</context>
<context>
    <name>WalkInScreen</name>
    <message>
        <source>没有预约，现在就考</source>
        <translation>No booking, sit now</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>正在查找…</source>
        <translation>Looking…</translation>
    </message>
    <message>
        <source>继续</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>再输入手机号的后四位</source>
        <translation>Now the last 4 digits of your phone number</translation>
    </message>
    <message>
        <source>请输入您的证件号</source>
        <translation>Please enter your document number</translation>
    </message>
    <message>
        <source>%1号码</source>
        <translation>%1 number</translation>
    </message>
    <message>
        <source>请用键盘输入</source>
        <translation>Use the keys</translation>
    </message>
    <message>
        <source>报名时登记的手机号后四位</source>
        <translation>Last 4 digits of the phone number you enrolled with</translation>
    </message>
    <message>
        <source>例如 1234</source>
        <translation>for example 1234</translation>
    </message>
</context>
<context>
    <name>WelcomeAside</name>
    <message>
        <source>今天怎么考</source>
        <translation>How it works</translation>
    </message>
    <message>
        <source>核对身份</source>
        <translation>Identity check</translation>
    </message>
    <message>
        <source>看一眼摄像头就好；不愿刷脸可转人工</source>
        <translation>One look at the camera; or a person checks instead</translation>
    </message>
    <message>
        <source>确认信息</source>
        <translation>Check your details</translation>
    </message>
    <message>
        <source>看看姓名和考试科目对不对</source>
        <translation>Are name and subject right?</translation>
    </message>
    <message>
        <source>开始考试</source>
        <translation>Start the exam</translation>
    </message>
    <message>
        <source>交卷后马上知道成绩</source>
        <translation>Your result right after handing in</translation>
    </message>
    <message>
        <source>空闲座位</source>
        <translation>seats free</translation>
    </message>
    <message>
        <source>正在考试</source>
        <translation>sitting now</translation>
    </message>
    <message>
        <source>下一预约 %1</source>
        <translation>next booking %1</translation>
    </message>
</context>
<context>
    <name>WelcomeScreen</name>
    <message>
        <source>有预约的请把身份证放在读卡器上，或出示二维码；
没有预约也可以，现在还有空座。</source>
        <translation>With a booking: lay your ID card on the reader or show the QR code.
Without one: there are free seats now.</translation>
    </message>
    <message>
        <source>有预约的请把身份证放在读卡器上，或出示二维码。</source>
        <translation>With a booking: lay your ID card on the reader or show the QR code.</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>演示</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>全天开放</source>
        <translation>open day and night</translation>
    </message>
    <message>
        <source>现在开放</source>
        <translation>open now</translation>
    </message>
    <message>
        <source>现在不开放</source>
        <translation>closed now</translation>
    </message>
    <message>
        <source>您好，请在这里入场</source>
        <translation>Welcome, please check in here</translation>
    </message>
    <message>
        <source>暂时连不上服务器，正在自动重连，请稍等。</source>
        <translation>The server cannot be reached; reconnecting, please wait.</translation>
    </message>
    <message>
        <source>现在不在开放时间。已预约的请按预约时间再来。</source>
        <translation>The hall is closed now. If you have a booking, please come at its time.</translation>
    </message>
    <message>
        <source>有预约的请出示二维码或输入证件号；
没有预约也可以，现在还有空座。</source>
        <translation>With a booking: show the QR code or enter your ID number.
Without one: seats are free right now.</translation>
    </message>
    <message>
        <source>有预约的请出示二维码或输入证件号。</source>
        <translation>With a booking: show the QR code or enter your ID number.</translation>
    </message>
</context>
<context>
    <name>WelcomeWays</name>
    <message>
        <source>扫描预约码</source>
        <translation>Scan booking code</translation>
    </message>
    <message>
        <source>输入预约码</source>
        <translation>Enter booking code</translation>
    </message>
    <message>
        <source>输入证件号</source>
        <translation>Enter ID number</translation>
    </message>
    <message>
        <source>没有预约</source>
        <translation>No booking</translation>
    </message>
</context>
<context>
    <name>WipeScreen</name>
    <message>
        <source>请稍等</source>
        <translation>One moment</translation>
    </message>
    <message>
        <source>正在清除您的信息</source>
        <translation>Removing your data</translation>
    </message>
    <message>
        <source>这台机器上不留您的姓名、证件号和照片。请带好随身物品，慢走。</source>
        <translation>Your name, number and photo do not stay on this machine. Please take your things. Goodbye.</translation>
    </message>
</context>
<context>
    <name>AnswerKeys</name>
    <message>
        <source>删除</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>清空</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>空格</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>大写</source>
        <translation>Capitals</translation>
    </message>
    <message>
        <source>数字和符号</source>
        <translation>Digits, signs</translation>
    </message>
    <message>
        <source>字母</source>
        <translation>Letters</translation>
    </message>
</context>
<context>
    <name>TypedAnswer</name>
    <message>
        <source>请输入数字，例如 0.5 或 -3</source>
        <translation>Type a number, such as 0.5 or -3</translation>
    </message>
    <message>
        <source>请输入字母、数字或符号</source>
        <translation>Type letters, digits or signs</translation>
    </message>
    <message>
        <source>您的答案</source>
        <translation>Your answer</translation>
    </message>
    <message>
        <source>这不是一个数，请核对</source>
        <translation>This is not a number, please check</translation>
    </message>
</context>
<context>
    <name>CasePane</name>
    <message>
        <source>案例材料（第 %1 至 %2 题）</source>
        <translation>Case material (items %1 to %2)</translation>
    </message>
    <message>
        <source>案例材料</source>
        <translation>Case material</translation>
    </message>
    <message>
        <source>收起材料</source>
        <translation>Hide</translation>
    </message>
    <message>
        <source>展开材料</source>
        <translation>Show</translation>
    </message>
</context>
<context>
    <name>EnlargeView</name>
    <message>
        <source>表格</source>
        <translation>table</translation>
    </message>
    <message>
        <source>图片</source>
        <translation>picture</translation>
    </message>
    <message>
        <source>案例材料</source>
        <translation>Case material</translation>
    </message>
    <message>
        <source>题目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>选项 %1</source>
        <translation>Option %1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>（%1/%2）</source>
        <translation> (%1/%2)</translation>
    </message>
    <message>
        <source>剩余 %1</source>
        <translation>%1 left</translation>
    </message>
    <message>
        <source>返回题目</source>
        <translation>Back to the item</translation>
    </message>
    <message>
        <source>‹ 上一个</source>
        <translation>‹ Previous</translation>
    </message>
    <message>
        <source>下一个 ›</source>
        <translation>Next ›</translation>
    </message>
    <message>
        <source>缩小</source>
        <translation>Smaller</translation>
    </message>
    <message>
        <source>放大</source>
        <translation>Larger</translation>
    </message>
</context>
<context>
    <name>ItemText</name>
    <message>
        <source>图片读取中</source>
        <translation>Picture loading</translation>
    </message>
    <message>
        <source>〔公式无法显示，请举手联系监考员〕</source>
        <translation>[This formula cannot be shown: please raise your hand]</translation>
    </message>
</context>
<context>
    <name>WithdrawScreen</name>
    <message>
        <source>撤回刷脸同意</source>
        <translation>Withdraw consent</translation>
    </message>
    <message>
        <source>返回答题</source>
        <translation>Back to the exam</translation>
    </message>
    <message>
        <source>撤回同意，停止拍摄</source>
        <translation>Withdraw, stop filming</translation>
    </message>
    <message>
        <source>要停止拍摄吗？</source>
        <translation>Stop filming?</translation>
    </message>
    <message>
        <source>您可以随时撤回，考试照常进行，不影响成绩。计时不停。</source>
        <translation>You may withdraw at any time; the exam goes on and your result is the same. The clock runs on.</translation>
    </message>
    <message>
        <source>马上</source>
        <translation>At once</translation>
    </message>
    <message>
        <source>摄像头关闭，不再监控和录像，预约照片删除</source>
        <translation>the camera goes off, nobody watches or records any more, and your booking photo is deleted</translation>
    </message>
    <message>
        <source>已有的</source>
        <translation>What there is</translation>
    </message>
    <message>
        <source>撤回前的录像和画面是考试证据，按规定保存 3 年后删除</source>
        <translation>recordings and pictures from before are exam evidence, kept for 3 years and then deleted</translation>
    </message>
    <message>
        <source>之后</source>
        <translation>After that</translation>
    </message>
    <message>
        <source>这场考试里不能再改回来；远程监考员会看到您撤回了</source>
        <translation>it cannot be changed back in this exam; the remote invigilator sees that you withdrew</translation>
    </message>
</context>
</TS>
