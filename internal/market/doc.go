// Package market is the language of Jishi 技市: the types, rules, state tables,
// code lists, money and error kinds that every other package speaks. It does
// no I/O and imports the standard library only.
//
// # Glossary
//
// One word per idea. The right-hand column lists words we do not use for it.
//
//	Achievement    科技成果            a result of research offered to the market        (not: result, product, tech)
//	Demand         技术需求            a problem an enterprise wants solved               (not: need, requirement, request)
//	Listing        发布项              what achievements and demands share                (not: post, item, entry)
//	Organization   单位                a legal person that lists, buys, brokers, reviews  (not: company, unit, tenant)
//	Holder         第一完成单位         who made the achievement, as written on it         (not: owner)
//	Owner          发布单位            the organization that manages a listing            (not: holder, publisher)
//	User           用户                a person with a sign-in                            (not: member, account)
//	Actor          操作人              a user acting for one organization right now       (not: principal, subject)
//	Role           角色                supplier, demander, broker, officer, admin         (not: group)
//	Supplier       供给方              university or institute                            (not: vendor, provider)
//	Demander       需求方              enterprise                                         (not: customer, client)
//	Broker         技术经纪人           brings the two together                            (not: agent)
//	Officer        科技局经办人         reviews listings, registers contracts              (not: reviewer, clerk)
//	Contract       技术合同            one of the five types of the Civil Code ch. 20      (not: deal, agreement)
//	Registration   认定登记            the office's entry of a contract                    (not: filing, approval)
//	Total          合同成交额          full agreed price                                   (not: amount, value)
//	Technology     技术交易额          total less its non-technical parts                  (not: net)
//	Paid           到账额              money received under a contract                     (not: realised)
//	Turnover       成交额统计          sums over registered contracts                      (not: volume, revenue)
//	Target         目标                an amount to reach in a period, on one basis         (not: goal, KPI)
//	Indicator      规划指标            one of the 33 values of the plan                     (not: metric)
//	Match          匹配                one demand and one achievement with a scored reason  (not: recommendation)
//	Part           得分项              one named share of a match's score                   (not: feature, factor)
//	Evidence       依据                passages of both texts that carry a match            (not: explanation)
//	Field          技术领域            technical field of the national form                 (not: category, domain)
//	Industry       国民经济行业         section of GB/T 4754-2017                            (not: sector)
//	Stage          所处阶段            early, middle, mature                                (not: phase)
//	Maturity       技术成熟度           TRL 1–9 of GB/T 22900                                (not: readiness)
//	Mode           合作方式            how a deal may be made: transfer, licence …          (not: type)
//	Division       行政区划            GB/T 2260 code of a place                            (not: region id)
//	Fen            分                  1/100 yuan, the only unit of money inside            (not: cents)
//	Action         操作                what an actor asks for; moves a state                (not: event, command)
//	Criterion      需求指标            one figure a solution must meet, e.g. ≥ 350 MPa      (not: indicator, spec)
//	Right          知识产权            one patent, copyright or know-how of an achievement  (not: permission, grant)
//	Import job     导入                one file on its way in, with its row problems         (not: upload, batch)
//	Session        登录会话            one sign-in of a user until it ends                  (not: login, visit)
//	Request        请求                one call of a client, for log and limits only         (not: demand)
//	Event          记录                one action that happened, kept for ever              (not: log line)
//	Claim          占用                a name only one document may hold                    (not: lock)
package market
