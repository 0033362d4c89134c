package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/contract"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// Private is what shows personal data of others in full, after it was noted.
type Private struct {
	Listings      *listing.Contacts
	Organizations *account.Contacts
	Identities    *contract.Identities
}

// contactOf shows the contact as far as the reader may see it, or says how to
// get to see it. href is the page of the document it belongs to.
func contactOf(c *fiber.Ctx, owner market.ID, to market.Contact, href string) web.ContactBox {
	by := actor(c)
	switch {
	case to != market.Contact{}:
		box := web.ContactBox{Rows: contactRows(to)}
		if market.ContactExposure(by, owner) == market.Masked {
			box.Reveal = &web.Press{Text: "查看联系方式", Icon: "eye", Action: href + "/contact"}
			box.Noted = "查看会留下记录，请只用于洽谈这一项。"
		}
		return box
	case !by.SignedIn():
		return web.ContactBox{Masked: "联系方式只给登录的单位看。", Next: web.Crumb{Href: signInTo(c.OriginalURL()), Text: "登录后查看"}}
	case !by.Verified:
		return web.ContactBox{Masked: "您的单位通过科技局核验后才能看联系方式。"}
	case owner == "":
		return web.ContactBox{Masked: "对方匿名发布，请通过科技局联系。"}
	}
	return web.ContactBox{Masked: "对方没有留联系方式，请通过科技局联系。"}
}

// revealed is the contact in full, just asked for.
func revealed(to market.Contact) web.ContactBox {
	return web.ContactBox{Rows: contactRows(to), Noted: "本次查看已留下记录。"}
}

// contactRows writes a contact as it is given; a masked number cannot be dialled.
func contactRows(to market.Contact) []web.Term {
	rows := []web.Term{{Label: "联系人", Value: to.Name}}
	if to.Phone != "" {
		phone := web.Term{Label: "电话", Value: to.Phone}
		if _, err := market.ParsePhone(to.Phone); err == nil {
			phone.Tel = to.Phone
		}
		rows = append(rows, phone)
	}
	if to.Email != "" {
		email := web.Term{Label: "邮箱", Value: to.Email}
		if to.Email != market.MaskEmail(to.Email) {
			email.Href = "mailto:" + to.Email
		}
		rows = append(rows, email)
	}
	return rows
}
